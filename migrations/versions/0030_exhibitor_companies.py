"""Packages and applications of exhibitors, and what organizers note about a company.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

import expo.infra.db

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exhibitor_package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("description", sa.JSON(), nullable=False),
        sa.Column("booth_area", sa.Integer(), nullable=False),
        sa.Column("passes", sa.Integer(), nullable=False),
        sa.Column("meeting_tables", sa.Integer(), nullable=False),
        sa.Column("lead_licences", sa.Integer(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("pass_ticket", sa.String(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "taken >= 0 AND (size IS NULL OR taken <= size)", name=op.f("ck_exhibitor_package_taken")
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_exhibitor_package_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exhibitor_package")),
        sa.UniqueConstraint("edition_id", "slug", name=op.f("uq_exhibitor_package_edition_id_slug")),
    )
    with op.batch_alter_table("exhibitor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("package_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("extra_passes", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("notes", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.create_index(batch_op.f("ix_exhibitor_package_id"), ["package_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_exhibitor_package_id_exhibitor_package"), "exhibitor_package", ["package_id"], ["id"]
        )
    with op.batch_alter_table("exhibitor_member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(length=8), server_default="en", nullable=False))
        batch_op.add_column(sa.Column("former_ticket", sa.String(length=32), server_default="", nullable=False))
    op.create_table(
        "exhibitor_application_window",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("opens_at", expo.infra.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closes_at", expo.infra.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("introduction", sa.JSON(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at",
            name=op.f("ck_exhibitor_application_window_times"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_exhibitor_application_window_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["form_id"], ["question_form.id"], name=op.f("fk_exhibitor_application_window_form_id_question_form")
        ),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_exhibitor_application_window")),
    )
    with op.batch_alter_table("exhibitor_application_window", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibitor_application_window_form_id"), ["form_id"], unique=False)
    op.create_table(
        "exhibitor_application",
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=64), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", expo.infra.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_at", expo.infra.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", expo.infra.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_exhibitor_application_exhibitor_id_exhibitor")
        ),
        sa.ForeignKeyConstraint(
            ["package_id"],
            ["exhibitor_package.id"],
            name=op.f("fk_exhibitor_application_package_id_exhibitor_package"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_exhibitor_application_person_id_person")),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["answer_sheet.id"], name=op.f("fk_exhibitor_application_sheet_id_answer_sheet")
        ),
        sa.PrimaryKeyConstraint("exhibitor_id", name=op.f("pk_exhibitor_application")),
    )
    with op.batch_alter_table("exhibitor_application", schema=None) as batch_op:
        for column in ("person_id", "package_id", "sheet_id"):
            batch_op.create_index(batch_op.f(f"ix_exhibitor_application_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("exhibitor_application")
    op.drop_table("exhibitor_application_window")
    with op.batch_alter_table("exhibitor_member", schema=None) as batch_op:
        batch_op.drop_column("former_ticket")
        batch_op.drop_column("language")
    with op.batch_alter_table("exhibitor", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_exhibitor_package_id_exhibitor_package"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_exhibitor_package_id"))
        for column in ("version", "notes", "extra_passes", "package_id"):
            batch_op.drop_column(column)
    op.drop_table("exhibitor_package")
