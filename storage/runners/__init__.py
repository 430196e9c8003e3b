"""Who delivers admitted jobs to whoever advances them."""
