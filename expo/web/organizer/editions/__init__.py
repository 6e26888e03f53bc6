"""Every expo of this installation."""
