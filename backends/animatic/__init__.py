"""The built-in animator: simulates the motion, films it with several cameras, draws it, makes the sound."""
