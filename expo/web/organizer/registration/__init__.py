"""When the public can register."""
