"""Speakers' tickets: who has one, issuing them, and those of people who no longer speak."""
