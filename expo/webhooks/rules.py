"""Rules of webhooks. Pure."""
