"""The worker's side of erasing people from store.db: see README.md."""
