"""What somebody else has to approve before it is done."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(160), nullable=False),
        sa.Column("entity", sa.String(80), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("permission", sa.String(120), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", instant, nullable=False),
        sa.Column("until", instant, nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", instant, nullable=True),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("operation_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_approval_team_id"), ondelete="SET NULL"
        ),
        *(
            sa.ForeignKeyConstraint(
                [name], ["user.id"], name=op.f(f"fk_approval_{name}"), ondelete="SET NULL"
            )
            for name in ("asked_by", "decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index(
        "ix_approval_waiting", "approval", ["until", "id"], sqlite_where=WAITING, postgresql_where=WAITING
    )
    op.create_index("ix_approval_asked_by", "approval", ["asked_by", "id"])
    op.create_index("ix_approval_decided_by", "approval", ["decided_by", "id"])
    op.create_table(
        "approval_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.Column("entity", sa.String(80), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approval.id"], name=op.f("fk_approval_link_approval_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_link")),
    )
    op.create_index("ix_approval_link_record", "approval_link", ["entity", "record_id"])
    op.create_index("ix_approval_link_approval_id", "approval_link", ["approval_id", "record_id"])


def downgrade() -> None:
    op.drop_table("approval_link")
    op.drop_table("approval")
