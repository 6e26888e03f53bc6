"""Sessions in every state: list, show, create, change, duplicate, cancel and delete."""
