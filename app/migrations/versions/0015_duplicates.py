"""Pairs of records that may be the same, and where merged records went."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "duplicate_pair",
        sa.Column("entity", sa.String(80), nullable=False),
        sa.Column("left_id", sa.Integer(), nullable=False),
        sa.Column("right_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.String(200), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("found_at", instant, nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", instant, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user.id"], name=op.f("fk_duplicate_pair_decided_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pair")),
        sa.UniqueConstraint(
            "entity", "left_id", "right_id", name=op.f("uq_duplicate_pair_entity_left_id_right_id")
        ),
    )
    op.create_index("ix_duplicate_pair_queue", "duplicate_pair", ["entity", "state", "score", "id"])
    op.create_index("ix_duplicate_pair_right", "duplicate_pair", ["entity", "right_id"])
    op.create_table(
        "duplicate_search",
        sa.Column("entity", sa.String(80), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("started_at", instant, nullable=False),
        sa.Column("finished_at", instant, nullable=True),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("compared", sa.BigInteger(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_search")),
        sa.UniqueConstraint("entity", name=op.f("uq_duplicate_search_entity")),
    )
    op.create_table(
        "record_alias",
        sa.Column("entity", sa.String(80), nullable=False),
        sa.Column("former_id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_alias")),
        sa.UniqueConstraint("entity", "former_id", name=op.f("uq_record_alias_entity_former_id")),
    )
    op.create_index("ix_record_alias_kept", "record_alias", ["entity", "kept_id"])


def downgrade() -> None:
    op.drop_table("record_alias")
    op.drop_table("duplicate_search")
    op.drop_table("duplicate_pair")
