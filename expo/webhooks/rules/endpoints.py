"""How many endpoints there may be. Pure."""

MAX_ENDPOINTS = 5
