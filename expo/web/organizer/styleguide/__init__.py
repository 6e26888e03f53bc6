"""The style guide: every component of the design system."""
