"""Who talks to us: one package per platform, registered by name."""
