"""Roles, permissions, the actor, session levels, and checks of addresses and passwords. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from ipaddress import ip_address, ip_network
from typing import Literal

from expo.accounts.errors import ConfirmationRequired, PermissionMissing
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
    REVIEW = "review"
    EXHIBITORS_READ = "exhibitors.read"
    EXHIBITORS_MANAGE = "exhibitors.manage"
    MATCHES_READ = "matches.read"
    REPORTS_READ = "reports.read"
    EMAILS_READ = "letters.read"


class Role(StrEnum):
    """The role of a person within one edition."""

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
    Role.PROGRAM_MANAGER: EVERYONE
    | {Permission.PROGRAM_READ, Permission.PROGRAM_MANAGE, Permission.REVIEW, Permission.REPORTS_READ},
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
    Role.REVIEWER: EVERYONE | {Permission.PROGRAM_READ, Permission.REVIEW},
    Role.SPEAKER: EVERYONE,
    Role.EXHIBITOR: EVERYONE,
    Role.ATTENDEE: EVERYONE,
}

# Roles whose holders work in the organizer's pages.
STAFF_ROLES = frozenset({Role.ORGANIZER, Role.PROGRAM_MANAGER, Role.DESK, Role.REVIEWER})

# How long a password, passkey, code or fresh link counts as confirmation.
CONFIRMED_FOR = timedelta(minutes=30)
# How long a session lasts, by level. A half session waits for the second factor.
HALF_SESSION = timedelta(minutes=15)
LINK_SESSION = timedelta(days=14)
SIGNED_IN_SESSION = timedelta(days=14)
# Minimum interval between updates of "last seen", so that most page views write nothing.
LAST_SEEN_STEP = timedelta(hours=1)


class Level(IntEnum):
    """How certain it is that a session belongs to its person; each level includes the previous ones."""

    # The password or link was correct, but the second factor is still missing: gives access to nothing.
    HALF = 0
    # Opened through a link that may have been forwarded: own registration only, no account pages, no roles.
    LINK = 1
    SIGNED_IN = 2
    # Signed in, and identity confirmed within CONFIRMED_FOR.
    CONFIRMED = 3


class SignInWay(StrEnum):
    """The method with which a session was started or confirmed."""

    PASSWORD = "password"  # noqa: S105 - a name, not a secret
    SIGN_IN_LINK = "sign_in_link"
    CONFIRM_LINK = "confirm_link"
    ME_LINK = "me_link"
    AUTHENTICATOR = "authenticator"
    RECOVERY_CODE = "recovery_code"
    PASSKEY = "passkey"


ActorKind = Literal["anonymous", "person", "api_token", "device", "system"]


@dataclass(frozen=True)
class Actor:
    """Who is acting, and what they may do in one edition.

    The permissions apply to `edition_id`; None means every edition (system, administrators).
    """

    kind: ActorKind
    id: int | None = None
    edition_id: int | None = None
    permissions: frozenset[Permission] = EVERYONE
    roles: frozenset[Role] = field(default_factory=frozenset)
    label: str = ""
    # For people: the session, its level, and whether a fresh single-use link opened in it proved that e-mails reach
    # them. Others have no session.
    level: Level = Level.SIGNED_IN
    session_id: int | None = None
    has_proved_address: bool = False
    # Roles that this edition gives only to people with a second factor, withheld from this person.
    withheld_roles: frozenset[Role] = field(default_factory=frozenset)
    # The API operations that a device may call; None means those that its permissions allow.
    calls: frozenset[str] | None = None

    def may(self, permission: Permission, edition_id: int | None) -> bool:
        """Return whether the actor has `permission` in the edition."""
        if permission in EVERYONE:
            return True
        if self.edition_id is not None and self.edition_id != edition_id:
            return False
        return permission in self.permissions


ANONYMOUS = Actor("anonymous")
SYSTEM = Actor("system", permissions=frozenset(Permission), label="system")


def require(actor: Actor, permission: Permission, edition_id: int | None) -> None:
    """Check that the actor has `permission` in the edition. Raises PermissionMissing."""
    if not actor.may(permission, edition_id):
        raise PermissionMissing(permission.value)


def require_confirmed(actor: Actor) -> None:
    """Check that the actor confirmed their identity within the last minutes. Raises ConfirmationRequired.

    API tokens pass because a confirmed person created them with exactly these permissions; so does the system.
    """
    if actor.kind in ("api_token", "system"):
        return
    if actor.kind != "person" or actor.level < Level.CONFIRMED:
        raise ConfirmationRequired


def level_of(stored: Level, confirmed_at: datetime | None, now: datetime) -> Level:
    """Return the current level of a session; confirmation of a signed-in session expires."""
    if stored is Level.SIGNED_IN and is_recent(confirmed_at, now):
        return Level.CONFIRMED
    return stored


def is_recent(moment: datetime | None, now: datetime) -> bool:
    """Return whether a confirmation made at `moment` is still valid."""
    return moment is not None and now - moment < CONFIRMED_FOR


def network_of(address: str) -> str:
    """Return the network used to count failures and shown in lists of sessions: full IPv4 address, or IPv6 /64.

    Anyone with one IPv6 address usually has 2^64 of them.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if found.version == 4:  # noqa: PLR2004
        return str(found)
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or ip_network((found, 64), strict=False))


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Return the combined permissions of these roles."""
    return EVERYONE.union(*(ROLE_PERMISSIONS[role] for role in roles))


def check_password_strength(password: str) -> None:
    """Check for 10 to 256 characters, not one character repeated. Raises Invalid `password_weak`."""
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH or len(set(password)) < 4:  # noqa: PLR2004
        raise Invalid("password_weak", field="password", minimum=MIN_PASSWORD_LENGTH)


def fold_email(email: str) -> str:
    """Return the normalized form in which addresses are stored and compared."""
    return emails.fold_email(email)
