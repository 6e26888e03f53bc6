"""The screens at the venue."""
