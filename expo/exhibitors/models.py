"""Tables of exhibitors."""
