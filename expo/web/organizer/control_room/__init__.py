"""The control room: live numbers and alarms."""
