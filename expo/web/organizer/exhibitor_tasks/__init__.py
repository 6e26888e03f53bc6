"""Exhibitors' tasks: define them, see who has done them, and remind the others."""
