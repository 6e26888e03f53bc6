"""Roles, permissions, the actor, and what is a usable e-mail address or password. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from expo.accounts.errors import PermissionMissing
from expo.errors import Invalid
from expo.pure import emails

MIN_PASSWORD_LENGTH = 10
MAX_PASSWORD_LENGTH = 256


class Permission(StrEnum):
    """One thing that an actor may be allowed to do within an edition."""

    REGISTER = "register"
    EDITION_MANAGE = "edition.manage"
    ROLES_MANAGE = "roles.manage"
    TOKENS_MANAGE = "tokens.manage"
    TICKETS_MANAGE = "tickets.manage"
    ATTENDEES_READ = "attendees.read"
    ATTENDEES_WRITE = "attendees.write"
    ORDERS_MANAGE = "orders.manage"
    BADGES_ISSUE = "badges.issue"
    BADGES_REVOKE = "badges.revoke"
    SCAN = "scan"
    SCAN_FORCE = "scan.force"
    CHECKPOINTS_MANAGE = "checkpoints.manage"
    PROGRAM_READ = "program.read"
    PROGRAM_MANAGE = "program.manage"
    EXHIBITORS_READ = "exhibitors.read"
    EXHIBITORS_MANAGE = "exhibitors.manage"
    MATCHES_READ = "matches.read"
    REPORTS_READ = "reports.read"
    LETTERS_READ = "letters.read"


class Role(StrEnum):
    """What a person is within one edition."""

    ORGANIZER = "organizer"
    PROGRAM_MANAGER = "program_manager"
    DESK = "desk"
    STEWARD = "steward"
    REVIEWER = "reviewer"
    SPEAKER = "speaker"
    EXHIBITOR = "exhibitor"
    ATTENDEE = "attendee"


EVERYONE = frozenset({Permission.REGISTER})

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ORGANIZER: frozenset(Permission),
    Role.PROGRAM_MANAGER: EVERYONE | {Permission.PROGRAM_READ, Permission.PROGRAM_MANAGE, Permission.REPORTS_READ},
    Role.DESK: EVERYONE
    | {
        Permission.ATTENDEES_READ,
        Permission.ATTENDEES_WRITE,
        Permission.ORDERS_MANAGE,
        Permission.BADGES_ISSUE,
        Permission.BADGES_REVOKE,
        Permission.SCAN,
        Permission.SCAN_FORCE,
    },
    Role.STEWARD: EVERYONE | {Permission.SCAN},
    Role.REVIEWER: EVERYONE | {Permission.PROGRAM_READ},
    Role.SPEAKER: EVERYONE,
    Role.EXHIBITOR: EVERYONE,
    Role.ATTENDEE: EVERYONE,
}

# Roles whose holders work in the organizer's pages.
STAFF_ROLES = frozenset({Role.ORGANIZER, Role.PROGRAM_MANAGER, Role.DESK, Role.REVIEWER})

ActorKind = Literal["anonymous", "person", "device", "system"]


@dataclass(frozen=True)
class Actor:
    """Who acts, and what they may do in one edition.

    `edition_id` is the edition that the permissions hold for; None holds for every edition (system, administrators).
    """

    kind: ActorKind
    id: int | None = None
    edition_id: int | None = None
    permissions: frozenset[Permission] = EVERYONE
    roles: frozenset[Role] = field(default_factory=frozenset)
    label: str = ""

    def may(self, permission: Permission, edition_id: int | None) -> bool:
        """Whether the actor has `permission` in the edition."""
        if permission in EVERYONE:
            return True
        if self.edition_id is not None and self.edition_id != edition_id:
            return False
        return permission in self.permissions


ANONYMOUS = Actor("anonymous")
SYSTEM = Actor("system", permissions=frozenset(Permission), label="system")


def require(actor: Actor, permission: Permission, edition_id: int | None) -> None:
    """Let the actor pass who has `permission` in the edition. Raises PermissionMissing for any other."""
    if not actor.may(permission, edition_id):
        raise PermissionMissing(permission.value)


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Return everything that holders of these roles may do."""
    return EVERYONE.union(*(ROLE_PERMISSIONS[role] for role in roles))


def check_password_strength(password: str) -> None:
    """Accept a password of 10 to 256 characters that is not one repeated. Raises Invalid `password_weak`."""
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH or len(set(password)) < 4:  # noqa: PLR2004
        raise Invalid("password_weak", field="password", minimum=MIN_PASSWORD_LENGTH)


def fold_email(email: str) -> str:
    """Return the form in which two spellings of one address are equal, and in which addresses are stored."""
    return emails.fold_email(email)
