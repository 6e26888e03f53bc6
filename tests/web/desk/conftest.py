"""Fixtures of the desk's pages: the organizers' sign-in, an attendee of the desk, a checkpoint."""

import pytest
from flask.testing import FlaskClient

from expo.accounts.rules import Role
from tests.web.organizer.conftest import SignIn, other_edition, sign_in

__all__ = ["other_edition", "sign_in"]


@pytest.fixture
def desk(sign_in: SignIn) -> FlaskClient:
    """The test client of somebody at the help desk."""
    return sign_in(Role.DESK)
