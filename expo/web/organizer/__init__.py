"""Pages of the audience `organizer`."""
