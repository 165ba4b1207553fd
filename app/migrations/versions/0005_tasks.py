"""Tasks recur, remind, have a checklist and several people."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LIVE = sa.text("deleted_at IS NULL")
INDEXES = {
    "ix_task_live_team_id_status_due_on": ["team_id", "status", "due_on", "id"],
    "ix_task_live_status_due_on": ["status", "due_on", "id"],
    "ix_task_live_priority": ["priority", "id"],
    "ix_task_live_parent_id": ["parent_id", "id"],
}
TEXTS = {"due_zone": 64, "recurrence": 300, "series_from": 10, "occurrence_on": 10, "remind": 60}


def upgrade() -> None:
    for name, length in TEXTS.items():
        op.add_column("task", sa.Column(name, sa.String(length), server_default="", nullable=False))
    op.add_column("task", sa.Column("after_done", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("task") as batch:
        batch.add_column(sa.Column("previous_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_task_previous_id"), "task", ["previous_id"], ["id"], ondelete="SET NULL"
        )
    op.create_index("ix_task_previous_id", "task", ["previous_id"], unique=True)
    for name, columns in INDEXES.items():
        op.create_index(name, "task", columns, sqlite_where=LIVE, postgresql_where=LIVE)
    _mates()
    _items()


def _mates() -> None:
    op.create_table(
        "task_mate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_task_mate_task_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_task_mate_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_mate")),
        sa.UniqueConstraint("task_id", "user_id", name=op.f("uq_task_mate_task_id_user_id")),
    )
    op.create_index("ix_task_mate_user_id", "task_mate", ["user_id", "task_id"])


def _items() -> None:
    op.create_table(
        "task_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_task_item_task_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_item")),
    )
    op.create_index("ix_task_item_task_id", "task_item", ["task_id", "position", "id"])


def downgrade() -> None:
    op.drop_table("task_item")
    op.drop_table("task_mate")
    for name in INDEXES:
        op.drop_index(name, table_name="task")
    op.drop_index("ix_task_previous_id", table_name="task")
    with op.batch_alter_table("task") as batch:
        batch.drop_constraint(op.f("fk_task_previous_id"), type_="foreignkey")
        for name in ("previous_id", "after_done", *TEXTS):
            batch.drop_column(name)
