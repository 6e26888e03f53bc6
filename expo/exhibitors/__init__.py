"""Exhibiting companies, their categories and booths, and the public directory."""
