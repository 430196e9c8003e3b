"""Who draws: one module or package per backend, registered by name."""
