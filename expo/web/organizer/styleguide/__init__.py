"""Every component of the design system."""
