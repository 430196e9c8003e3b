"""Who talks to us: one package per platform, none of which knows another."""
