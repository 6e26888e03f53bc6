"""Interests chosen from a multilingual topic list, and recommendations based on them, with reasons."""
