"""Settings of the help desk and the kiosk."""
