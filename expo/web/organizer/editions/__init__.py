"""All editions of this installation."""
