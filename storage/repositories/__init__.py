"""What is remembered, one module per port."""
