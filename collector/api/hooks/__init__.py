"""Sources of inbound webhooks, for programs. See README.md."""
