"""The worker's side of the store in SQLite: see README.md."""
