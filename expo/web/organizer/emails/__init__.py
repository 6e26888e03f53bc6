"""E-mails: what was sent to whom."""
