"""File formats for import and export: conference schedules, calendars, tables. Knows no domain and no database."""
