"""What a person can ask for: one module, one verb. Each takes what was asked and a way to answer."""
