"""Meetings as organizers see them: tables of a day, requests, complaints, settings."""
