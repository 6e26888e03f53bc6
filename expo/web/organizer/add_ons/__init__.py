"""Add-ons of tickets."""
