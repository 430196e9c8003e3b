"""The built-in animator: simulates a run, films it, draws it and makes it sound."""
