"""Profiles, topics offered and sought, dismissed recommendations.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

import expo.infra.db

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "edition_topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("parent", sa.String(length=48), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_topic_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_topic")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_edition_topic_edition_id_code")),
    )
    op.create_table(
        "profile",
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("visibility", sa.String(length=12), nullable=False),
        sa.Column("headline", sa.String(length=160), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("offers_text", sa.Text(), nullable=False),
        sa.Column("seeks_text", sa.Text(), nullable=False),
        sa.Column("industries", sa.JSON(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("purposes", sa.JSON(), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("company_size", sa.String(length=12), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("updated_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"], name=op.f("fk_profile_attendee_id_attendee")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_profile_edition_id_edition")),
        sa.PrimaryKeyConstraint("attendee_id", name=op.f("pk_profile")),
        sa.UniqueConstraint("key", name=op.f("uq_profile_key")),
    )
    with op.batch_alter_table("profile", schema=None) as batch_op:
        batch_op.create_index("ix_profile_edition_id_visibility", ["edition_id", "visibility"], unique=False)
    op.create_table(
        "dismissal",
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("target_kind", sa.String(length=12), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"], name=op.f("fk_dismissal_attendee_id_attendee")),
        sa.PrimaryKeyConstraint("attendee_id", "target_kind", "target_id", name=op.f("pk_dismissal")),
    )
    op.create_table(
        "company_dismissal",
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attendee_id"], ["attendee.id"], name=op.f("fk_company_dismissal_attendee_id_attendee")
        ),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_company_dismissal_exhibitor_id_exhibitor")
        ),
        sa.PrimaryKeyConstraint("exhibitor_id", "attendee_id", name=op.f("pk_company_dismissal")),
    )
    with op.batch_alter_table("company_dismissal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_company_dismissal_attendee_id"), ["attendee_id"], unique=False)
    op.create_table(
        "exposure_price",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("target_kind", sa.String(length=12), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("price", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_exposure_price_edition_id_edition")),
        sa.PrimaryKeyConstraint("edition_id", "target_kind", "target_id", name=op.f("pk_exposure_price")),
    )
    _rebuild("exhibitor", [sa.Column("weight", sa.Double(), nullable=False), _is_chosen()], "'offers'", ", weight, false")
    _rebuild("attendee", [], "'seeks'", "")


def downgrade() -> None:
    _rebuild_without_kind("attendee", [], "")
    _rebuild_without_kind("exhibitor", [sa.Column("weight", sa.Double(), nullable=False)], ", max(weight)")
    for table in ("exposure_price", "company_dismissal", "dismissal", "profile", "edition_topic"):
        op.drop_table(table)


def _is_chosen() -> sa.Column[bool]:
    return sa.Column("is_chosen", sa.Boolean(), server_default=sa.false(), nullable=False)


def _rebuild(owner: str, columns: list[sa.Column[object]], kind: str, values: str) -> None:
    """Add the kind to the primary key of a table of topics; every former topic is of one kind."""
    op.execute(f"CREATE TABLE former_topic AS SELECT * FROM {owner}_topic")  # noqa: S608 - names from this file
    op.drop_table(f"{owner}_topic")
    _create(owner, [sa.Column("kind", sa.String(length=8), nullable=False)], columns)
    op.execute(
        f"INSERT INTO {owner}_topic SELECT {owner}_id, {kind}, topic{values} FROM former_topic"  # noqa: S608
    )
    op.drop_table("former_topic")


def _rebuild_without_kind(owner: str, columns: list[sa.Column[object]], values: str) -> None:
    op.execute(f"CREATE TABLE former_topic AS SELECT * FROM {owner}_topic")  # noqa: S608
    op.drop_table(f"{owner}_topic")
    _create(owner, [], columns)
    op.execute(
        f"INSERT INTO {owner}_topic SELECT {owner}_id, topic{values} FROM former_topic"  # noqa: S608
        f" GROUP BY {owner}_id, topic"
    )
    op.drop_table("former_topic")


def _create(owner: str, kind: list[sa.Column[object]], columns: list[sa.Column[object]]) -> None:
    name = f"{owner}_topic"
    op.create_table(
        name,
        sa.Column(f"{owner}_id", sa.Integer(), nullable=False),
        *kind,
        sa.Column("topic", sa.String(length=48), nullable=False),
        *columns,
        sa.ForeignKeyConstraint([f"{owner}_id"], [f"{owner}.id"], name=op.f(f"fk_{name}_{owner}_id_{owner}")),
        sa.PrimaryKeyConstraint(f"{owner}_id", *(column.name for column in kind), "topic", name=op.f(f"pk_{name}")),
    )
