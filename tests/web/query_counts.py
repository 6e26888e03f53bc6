"""How many statements a page costs."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event

from expo.infra.db import db


def count_queries(browser: FlaskClient, path: str, data: dict[str, Any] | None = None) -> int:
    """Return how many statements one request runs; with `data` it is sent as a form."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("PRAGMA") and statement != "BEGIN":
            statements.append(statement)

    db.session.remove()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        answer = browser.get(path) if data is None else browser.post(path, data=data)
        assert answer.status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(statements)
