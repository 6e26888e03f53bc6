"""Files that come in and go out: conference schedules, calendars, tables. Knows no domain and no database."""
