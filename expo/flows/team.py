"""Invite people to an expo's team by e-mail."""

from datetime import datetime

from expo.accounts.queries import find_person_by_email, list_roles
from expo.accounts.rules import Actor, Permission, Role, require
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import get_edition
from expo.infra.addresses import public_url
from expo.infra.db import atomic
from expo.mail.services import queue_email


def invite_to_team(actor: Actor, edition_id: int, email: str, role: Role, language: str, now: datetime) -> bool:
    """Grant a role to the person with this address and notify them; return False if they already had it.

    Creates an account if needed. The e-mail links to the sign-in page and contains no secret, because an invitation may
    stay unread for days or be forwarded. Raises EditionMissing, Invalid `email_invalid`.
    """
    require(actor, Permission.ROLES_MANAGE, edition_id)
    edition = get_edition(edition_id)
    with atomic():
        person_id = ensure_person(email, "", language, now)
        if role in list_roles(person_id, edition_id):
            return False
        grant_role(actor, edition_id, person_id, role, now)
        person = find_person_by_email(email)
        if person is None:
            raise AssertionError("the person is there")
        queue_email(
            "accounts/invitation",
            to_email=person.email,
            language=person.language,
            now=now,
            edition_id=edition_id,
            person_id=person_id,
            details={
                "edition_title": edition.title,
                "contact_email": edition.contact_email,
                "email": person.email,
                "role": role.value,
                "invited_by": actor.label,
                "sign_in_page": public_url("/sign-in", person.language),
            },
        )
        return True
