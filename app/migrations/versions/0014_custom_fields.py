"""Fields that administrators add, and their values."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEYED = sa.text("key IS NOT NULL")
NUMBERED = sa.text("number IS NOT NULL")


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "custom_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(36), nullable=False),
        sa.Column("entity", sa.String(80), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("type", sa.String(20), nullable=False),
        sa.Column("hint", sa.String(300), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("required", "searched", "personal")),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", instant, nullable=True),
        sa.Column("created_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_field")),
        sa.UniqueConstraint("uid", name=op.f("uq_custom_field_uid")),
        sa.UniqueConstraint("entity", "name", name=op.f("uq_custom_field_entity_name")),
    )
    op.create_table(
        "custom_value",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pos", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column(
            "key", sa.String(400).with_variant(sa.String(400, collation="C"), "postgresql"), nullable=True
        ),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["field_id"],
            ["custom_field.id"],
            name=op.f("fk_custom_value_field_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("record_id", "field_id", "pos", name=op.f("pk_custom_value")),
        sqlite_with_rowid=False,
    )
    for column, filled in (("key", KEYED), ("number", NUMBERED)):
        op.create_index(
            f"ix_custom_value_{column}",
            "custom_value",
            ["field_id", column, "record_id"],
            sqlite_where=filled,
            postgresql_where=filled,
        )


def downgrade() -> None:
    op.drop_table("custom_value")
    op.drop_table("custom_field")
