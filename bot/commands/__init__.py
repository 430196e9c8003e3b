"""What each shell command does, one module each; imported only when its command is run."""
