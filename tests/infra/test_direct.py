"""Statements by the driver itself return and store what SQLAlchemy would, on both databases."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from expo.infra.db import atomic, core_connection, db
from expo.infra.direct import fetch_direct, insert_many_direct, run_direct
from expo.infra.inserting import insert_new, insert_row
from expo.infra.jobs.models import Job

_JOBS: Any = Job.__table__
_BY_ID = (
    select(Job.id, Job.payload, Job.state, Job.run_after, Job.lease_until, (Job.attempts > 0).label("is_tried"))
    .where(Job.kind == bindparam("kind"), Job.id.in_(bindparam("ids", expanding=True)))
    .order_by(Job.id)
)
_TRY = update(_JOBS).where(_JOBS.c.id == bindparam("its_id")).values(attempts=bindparam("its_attempts"))
_INSERT = insert(_JOBS)


def test_rows_when_inserted_and_fetched_by_the_driver_then_as_sqlalchemy_has_them(
    each_app: Flask, now: datetime
) -> None:
    values = {"kind": "direct", "payload": {"名": [1, None]}, "run_after": now, "created_at": now}
    with atomic():
        first = insert_new(Job, "unique_key", unique_key="a", **values)
        again = insert_new(Job, "unique_key", unique_key="a", **values)
        second = insert_row(Job, **values)
        insert_many_direct(core_connection(), _INSERT, [values, {**values, "run_after": now + timedelta(hours=1)}])
        ids = list(db.session.scalars(select(Job.id).where(Job.kind == "direct").order_by(Job.id)))
        run_direct(core_connection(), _TRY, [{"its_id": each, "its_attempts": 2} for each in ids[2:]])
    rows = {
        length: fetch_direct(core_connection(), _BY_ID, {"kind": "direct", "ids": ids[:length]})
        for length in (0, 1, 2, 4)
    }
    jobs = list(db.session.scalars(select(Job).where(Job.kind == "direct").order_by(Job.id)))

    assert (ids[:2], again, len(ids)) == ([first, second], None, 4)
    assert {length: [row.id for row in found] for length, found in rows.items()} == {n: ids[:n] for n in (0, 1, 2, 4)}
    assert [(row.payload, row.state, row.run_after, row.lease_until, row.is_tried) for row in rows[4]] == [
        (job.payload, job.state, job.run_after, job.lease_until, job.attempts > 0) for job in jobs
    ]
    assert [job.run_after - now for job in jobs] == [timedelta(0)] * 3 + [timedelta(hours=1)]
    assert [bool(row.is_tried) for row in rows[4]] == [False, False, True, True]


def test_insert_when_the_database_refuses_then_sqlalchemys_error_without_the_values(
    each_app: Flask, now: datetime
) -> None:
    values = {"kind": "direct", "payload": {"name": "王小明"}, "run_after": now, "created_at": now, "unique_key": "王"}
    with atomic():
        insert_row(Job, **values)

    with pytest.raises(IntegrityError) as refused, atomic():
        insert_row(Job, **values)

    assert "王" not in str(refused.value)


def test_rows_when_sqlite_fails_while_they_are_read_then_sqlalchemys_error(app: Flask, now: datetime) -> None:
    values = {"payload": {}, "run_after": now, "created_at": now}
    with atomic():
        for kind in ("[1]", "[2", "[3]"):
            insert_row(Job, kind=kind, **values)

    with pytest.raises(OperationalError):
        fetch_direct(core_connection(), select(func.json(Job.kind)).order_by(Job.id), {})
