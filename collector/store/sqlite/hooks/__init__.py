"""Sources of inbound webhooks, in store.db. See README.md."""
