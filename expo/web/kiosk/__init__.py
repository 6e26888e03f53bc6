"""The kiosk: a device on its own, on which people print their own badge."""
