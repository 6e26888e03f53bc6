"""The hub of a hall: its status, for the person at its computer."""
