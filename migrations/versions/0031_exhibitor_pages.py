"""Companies' pages, products and documents, and the tasks, services and messages of exhibitors.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

import expo.infra.db

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exhibitor_service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("unit", sa.JSON(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("maximum", sa.Integer(), nullable=True),
        sa.Column("stock", sa.Integer(), nullable=True),
        sa.Column("ordered", sa.Integer(), nullable=False),
        sa.CheckConstraint("ordered >= 0", name=op.f("ck_exhibitor_service_ordered")),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_exhibitor_service_price")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_exhibitor_service_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exhibitor_service")),
    )
    with op.batch_alter_table("exhibitor_service", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibitor_service_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "exhibitor_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("goal", sa.String(length=16), nullable=False),
        sa.Column("due_at", expo.infra.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("package_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_exhibitor_task_edition_id_edition")),
        sa.ForeignKeyConstraint(
            ["package_id"], ["exhibitor_package.id"], name=op.f("fk_exhibitor_task_package_id_exhibitor_package")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exhibitor_task")),
    )
    with op.batch_alter_table("exhibitor_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibitor_task_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_exhibitor_task_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exhibitor_task_package_id"), ["package_id"], unique=False)

    op.create_table(
        "exhibitor_document",
        sa.Column("file_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("uploaded_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_exhibitor_document_exhibitor_id_exhibitor")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_exhibitor_document_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_exhibitor_document")),
    )
    with op.batch_alter_table("exhibitor_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibitor_document_exhibitor_id"), ["exhibitor_id"], unique=False)

    op.create_table(
        "exhibitor_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("is_from_organizers", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(length=320), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("read_at", expo.infra.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_exhibitor_message_author_id_person")),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_exhibitor_message_exhibitor_id_exhibitor")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exhibitor_message")),
    )
    with op.batch_alter_table("exhibitor_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibitor_message_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exhibitor_message_exhibitor_id"), ["exhibitor_id"], unique=False)

    op.create_table(
        "exhibitor_page",
        sa.Column("exhibitor_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tagline", sa.JSON(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("videos", sa.JSON(), nullable=False),
        sa.Column("logo_id", sa.Integer(), nullable=True),
        sa.Column("banner_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["banner_id"], ["stored_file.id"], name=op.f("fk_exhibitor_page_banner_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_exhibitor_page_exhibitor_id_exhibitor")
        ),
        sa.ForeignKeyConstraint(["logo_id"], ["stored_file.id"], name=op.f("fk_exhibitor_page_logo_id_stored_file")),
        sa.PrimaryKeyConstraint("exhibitor_id", name=op.f("pk_exhibitor_page")),
    )
    with op.batch_alter_table("exhibitor_page", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibitor_page_banner_id"), ["banner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exhibitor_page_logo_id"), ["logo_id"], unique=False)

    op.create_table(
        "exhibitor_product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("deleted_at", expo.infra.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_exhibitor_product_category_id_category")
        ),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_exhibitor_product_exhibitor_id_exhibitor")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exhibitor_product")),
    )
    with op.batch_alter_table("exhibitor_product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibitor_product_category_id"), ["category_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exhibitor_product_exhibitor_id"), ["exhibitor_id"], unique=False)

    op.create_table(
        "exhibitor_service_order",
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("ordered_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_exhibitor_service_order_exhibitor_id_exhibitor")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["exhibitor_service.id"],
            name=op.f("fk_exhibitor_service_order_service_id_exhibitor_service"),
        ),
        sa.PrimaryKeyConstraint("exhibitor_id", "service_id", name=op.f("pk_exhibitor_service_order")),
    )
    with op.batch_alter_table("exhibitor_service_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibitor_service_order_service_id"), ["service_id"], unique=False)

    op.create_table(
        "exhibitor_task_reminder",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("due_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("sent_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_exhibitor_task_reminder_exhibitor_id_exhibitor")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["exhibitor_task.id"], name=op.f("fk_exhibitor_task_reminder_task_id_exhibitor_task")
        ),
        sa.PrimaryKeyConstraint("task_id", "exhibitor_id", "due_at", "days", name=op.f("pk_exhibitor_task_reminder")),
    )
    with op.batch_alter_table("exhibitor_task_reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibitor_task_reminder_exhibitor_id"), ["exhibitor_id"], unique=False)

    op.create_table(
        "exhibitor_task_tick",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("ticked_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_exhibitor_task_tick_exhibitor_id_exhibitor")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["exhibitor_task.id"], name=op.f("fk_exhibitor_task_tick_task_id_exhibitor_task")
        ),
        sa.PrimaryKeyConstraint("task_id", "exhibitor_id", name=op.f("pk_exhibitor_task_tick")),
    )
    with op.batch_alter_table("exhibitor_task_tick", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibitor_task_tick_exhibitor_id"), ["exhibitor_id"], unique=False)

    op.create_table(
        "exhibitor_product_picture",
        sa.Column("file_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_exhibitor_product_picture_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["exhibitor_product.id"],
            name=op.f("fk_exhibitor_product_picture_product_id_exhibitor_product"),
        ),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_exhibitor_product_picture")),
    )
    with op.batch_alter_table("exhibitor_product_picture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibitor_product_picture_product_id"), ["product_id"], unique=False)


def downgrade() -> None:
    op.drop_table("exhibitor_product_picture")
    op.drop_table("exhibitor_task_tick")
    op.drop_table("exhibitor_task_reminder")
    op.drop_table("exhibitor_service_order")
    op.drop_table("exhibitor_product")
    op.drop_table("exhibitor_page")
    op.drop_table("exhibitor_message")
    op.drop_table("exhibitor_document")
    op.drop_table("exhibitor_task")
    op.drop_table("exhibitor_service")
