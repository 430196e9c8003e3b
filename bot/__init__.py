"""The application core: what the product does, in its own words, without a platform, a database or a network."""
