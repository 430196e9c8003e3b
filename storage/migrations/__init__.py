"""The history of our tables, one file for each change; `storage.migrate` applies it."""
