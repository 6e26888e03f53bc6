"""The team: roles, and the second factor they require."""
