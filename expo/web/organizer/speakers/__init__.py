"""Speakers: list, show, create, change, merge and delete."""
