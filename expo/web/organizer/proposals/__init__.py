"""Proposals: the list, one proposal, decisions, exports."""
