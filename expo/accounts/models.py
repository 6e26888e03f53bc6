"""Tables for accounts: people, their sessions, second factors and roles, API tokens and idempotency keys."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Person(Base):
    """A person with an e-mail address; one row for all editions."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(16), default="en")
    password_hash: Mapped[str | None] = mapped_column(String(255))
    is_admin: Mapped[bool] = mapped_column(default=False)
    # Incremented whenever a sign-in link is used or the password changes, which invalidates links signed earlier.
    sign_in_count: Mapped[int] = mapped_column(default=0)
    # Incremented by a change of password or roles, a replaced link and "sign out everywhere". Sessions and attendee
    # links that carry another number are no longer valid.
    link_version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]


class UserSession(Base):
    """A browser session of a signed-in person; the browser holds a random secret, this row its digest.

    Deleting the row ends the session, even for someone with a copy of the cookie.
    """

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    # HALF, LINK or SIGNED_IN (see rules.Level). `confirmed_at` decides whether the session is confirmed.
    level: Mapped[int]
    link_version: Mapped[int]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]
    # When a single-use link e-mailed to the person was opened in this session.
    address_proved_at: Mapped[datetime | None]
    # The single-use challenge that the next passkey response must sign.
    challenge: Mapped[bytes | None] = mapped_column(LargeBinary(64))
    challenge_expires_at: Mapped[datetime | None]
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    network: Mapped[str] = mapped_column(String(64), default="")


class Passkey(Base):
    """A public key; the private key is on the person's phone, computer or security key."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(2048))
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    transports: Mapped[list[str]] = mapped_column(default=list)
    name: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class Authenticator(Base):
    """The secret shared with a person's authenticator app (TOTP, RFC 6238)."""

    __tablename__ = "authenticator"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    # Encrypted with a key derived from SECRET_KEY, so a copy of the database cannot generate codes.
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary(128))
    created_at: Mapped[datetime]
    # When the first code was entered; until then it does not count as a second factor.
    enabled_at: Mapped[datetime | None]
    # The time step of the last accepted code; that step and earlier ones cannot be used again.
    last_step: Mapped[int | None] = mapped_column(BigInteger)


class RecoveryCode(Base):
    """A code that replaces a lost second factor; each works once, and only its digest is stored."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("person_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    used_at: Mapped[datetime | None]


class RoleGrant(Base):
    """A role that a person has in one edition."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("edition_id", "person_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(32))
    granted_at: Mapped[datetime]


class ApiToken(Base):
    """A secret that lets a program act within one edition; only its digest is stored."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    permissions: Mapped[list[str]]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
