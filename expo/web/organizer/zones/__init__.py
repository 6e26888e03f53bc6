"""Zones: areas with one or more checkpoints."""
