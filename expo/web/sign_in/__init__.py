"""Signing in and out, for everyone with an account: by a link by e-mail, or by a password."""
