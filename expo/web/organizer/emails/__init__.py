"""The e-mail log."""
