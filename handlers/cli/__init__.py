"""The shell as a platform: one person, one request, a progress bar, a file."""
