"""Calls for proposals and the forms that they use."""
