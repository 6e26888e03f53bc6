"""The webhooks of an exhibitor."""
