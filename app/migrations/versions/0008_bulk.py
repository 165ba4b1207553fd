"""Work on many records: runs and what they refused. An operation knows which one it takes back, and is found by actor."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COUNTS = ("total", "changed", "same", "refused")


def upgrade() -> None:
    op.add_column("operation", sa.Column("undoes", sa.Integer(), nullable=True))
    op.create_index("ix_operation_actor_id", "operation", ["actor_id", "id"])
    op.create_index("ix_operation_caused_by", "operation", ["caused_by"])
    op.drop_index("ix_journal_operation_id", table_name="journal")
    op.create_index("ix_journal_operation_id", "journal", ["operation_id", "id"])
    _runs()
    op.create_table(
        "bulk_refusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("entity", sa.String(80), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["bulk_run.id"], name=op.f("fk_bulk_refusal_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_refusal")),
    )
    op.create_index("ix_bulk_refusal_run_id", "bulk_refusal", ["run_id", "id"])


def _runs() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "bulk_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("entity", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.Column("work", sa.Text(), nullable=False),
        sa.Column("checked", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("ceiling", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("operation_id", sa.Integer(), nullable=True),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("finished_at", instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_bulk_run_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_run")),
    )
    op.create_index("ix_bulk_run_user_id", "bulk_run", ["user_id", "id"])
    op.create_index("ix_bulk_run_operation_id", "bulk_run", ["operation_id"])


def downgrade() -> None:
    op.drop_table("bulk_refusal")
    op.drop_table("bulk_run")
    op.drop_index("ix_journal_operation_id", table_name="journal")
    op.create_index("ix_journal_operation_id", "journal", ["operation_id"])
    op.drop_index("ix_operation_caused_by", table_name="operation")
    op.drop_index("ix_operation_actor_id", table_name="operation")
    op.drop_column("operation", "undoes")
