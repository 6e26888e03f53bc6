"""Pages of the staff: today, people, programme, exhibitors, doors, letters, settings."""
