"""The timetable editor: place sessions in rooms and times, with their conflicts."""
