"""Devices that scan, print or search at the expo."""
