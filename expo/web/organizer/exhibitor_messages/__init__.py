"""Messages between organizers and exhibitors, and messages to several exhibitors."""
