"""Services for exhibitors: offer them, see and export what was ordered."""
