"""Pages of the audience `attendee`."""
