"""Exhibitors: companies, import and export."""
