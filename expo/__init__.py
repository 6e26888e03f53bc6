"""Event and expo management: registration, badges, doors, programme, exhibitors, matchmaking."""
