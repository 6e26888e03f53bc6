"""Ticket types, quotas, orders and attendees: who may come, and what they paid for.

An order holds 1..n attendees and takes their places from every quota of their ticket types in one statement each.
It holds the places while its e-mail address is unconfirmed, and gives them back when that takes too long.
"""
