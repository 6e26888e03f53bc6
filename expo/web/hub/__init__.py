"""The hub of a hall: its status, for whoever sits at its computer."""
