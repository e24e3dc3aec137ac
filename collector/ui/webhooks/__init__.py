"""Webhooks for people. See README.md."""
