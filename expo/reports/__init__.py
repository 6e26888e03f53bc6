"""Reads that span domains: the figures of the dashboard and exports."""
