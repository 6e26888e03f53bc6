"""`flask expo create-admin` and `sign-in-link`: the way in without a mail server."""

from urllib.parse import urlsplit

from flask import Flask

from expo.accounts.queries import find_person_by_email
from expo.accounts.services import sign_in_with_password
from expo.infra.audit import list_audit_records


def _run(app: Flask, *args: str, typed: str | None = None) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["expo", *args], input=typed)
    return result.exit_code, result.stdout, result.stderr


def _link(output: str) -> str:
    [link] = [line for line in output.splitlines() if line.startswith("http")]
    return urlsplit(link).path


def test_create_admin_when_database_is_empty_then_prints_a_link_that_signs_in_once(app: Flask) -> None:
    code, output, _ = _run(app, "create-admin", "Admin@Example.org")

    person = find_person_by_email("admin@example.org")
    assert code == 0
    assert person is not None
    assert person.is_admin
    browser = app.test_client()
    assert browser.get(_link(output)).status_code == 200
    assert browser.post(_link(output)).location.rstrip("/").endswith("/organizer")
    assert browser.get("/organizer/").location.endswith("/organizer/setup")
    second = app.test_client()
    assert second.post(_link(output)).status_code == 410
    assert "/sign-in" in second.get("/organizer/setup").location


def test_create_admin_when_asked_for_a_password_then_it_works_and_so_does_the_link(app: Flask) -> None:
    password = "correct horse battery"

    code, output, _ = _run(app, "create-admin", "admin@example.org", "--password", typed=f"{password}\n{password}\n")

    assert code == 0
    assert password not in output
    assert sign_in_with_password("admin@example.org", password).is_admin
    assert app.test_client().post(_link(output)).location.rstrip("/").endswith("/organizer")


def test_create_admin_when_password_is_weak_then_nobody_is_made(app: Flask) -> None:
    code, _, error = _run(app, "create-admin", "admin@example.org", "--password", typed="short\nshort\n")

    assert code == 1
    assert "password_weak" in error
    assert find_person_by_email("admin@example.org") is None


def test_sign_in_link_when_person_exists_then_is_fresh_and_recorded(app: Flask) -> None:
    first = _link(_run(app, "create-admin", "admin@example.org")[1])
    app.test_client().post(first)

    code, output, _ = _run(app, "sign-in-link", "ADMIN@example.org")

    person = find_person_by_email("admin@example.org")
    assert person is not None
    assert code == 0
    assert app.test_client().post(_link(output)).location.rstrip("/").endswith("/organizer")
    assert [each.action for each in list_audit_records("person", person.id)].count("accounts.issue_sign_in_link") == 2


def test_sign_in_link_when_nobody_has_the_address_then_says_so(app: Flask) -> None:
    code, output, error = _run(app, "sign-in-link", "nobody@example.org")

    assert (code, output) == (1, "")
    assert "person_missing" in error
