"""How many statements a page costs."""

from typing import Any

from flask.testing import FlaskClient

from tests.query_counts import count_statements


def count_queries(browser: FlaskClient, path: str, data: dict[str, Any] | None = None) -> int:
    """Return how many statements one request runs; with `data` it is sent as a form."""
    with count_statements() as statements:
        answer = browser.get(path) if data is None else browser.post(path, data=data)
        assert answer.status_code == 200
    return len(statements)
