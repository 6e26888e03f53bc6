"""Reads that span domains: the figures of the dashboard, search and exports."""
