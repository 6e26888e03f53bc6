"""Interests chosen from one topic list with names in every language, and what fits them, with the reasons."""
