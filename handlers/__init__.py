"""Who talks to the product: one package per platform."""
