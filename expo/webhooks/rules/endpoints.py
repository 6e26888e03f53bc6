"""Endpoints and whose they are. Pure."""

from dataclasses import dataclass

MAX_ENDPOINTS = 5


@dataclass(frozen=True)
class Owner:
    """Whose endpoints: an object of a higher floor, such as Owner("exhibitor", 17)."""

    kind: str
    id: int
