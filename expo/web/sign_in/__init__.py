"""Signing in and out, by mailed link or password."""
