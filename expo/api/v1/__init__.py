"""Version 1 of the API: names and meanings here stay; additions are free."""
