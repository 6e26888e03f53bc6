from flask import Flask

from expo.accounts.queries import find_token_actor
from expo.accounts.rules import Permission
from expo.editions.queries import EditionFacts


def _run(app: Flask, *arguments: str) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["expo", "create-api-token", *arguments])
    return result.exit_code, result.stdout.strip(), result.stderr.strip()


def test_create_api_token_when_made_then_secret_works_in_the_current_edition(app: Flask, edition: EditionFacts) -> None:
    code, secret, _ = _run(app, "gates", "--permission", "scan", "--permission", "scan.force")

    actor = find_token_actor(secret)
    assert (code, actor is not None) == (0, True)
    assert actor is not None
    assert actor.edition_id == edition.id
    assert actor.permissions == {Permission.SCAN, Permission.SCAN_FORCE, Permission.REGISTER}


def test_create_api_token_when_edition_is_unknown_then_refused(app: Flask, edition: EditionFacts) -> None:
    code, said, reason = _run(app, "gates", "--permission", "scan", "--edition", "expo-1999")

    assert (code, said) == (1, "")
    assert "edition_missing" in reason


def test_create_api_token_when_permission_is_unknown_then_usage(app: Flask, edition: EditionFacts) -> None:
    code, said, _ = _run(app, "gates", "--permission", "everything")

    assert (code, said) == (2, "")


def test_create_api_token_when_asked_for_help_then_permissions_are_listed(app: Flask, edition: EditionFacts) -> None:
    code, said, _ = _run(app, "--help")

    assert code == 0
    assert [each.value for each in Permission if each.value not in said] == []
