"""Saved views of lists."""

import sqlalchemy as sa
from alembic import op

import app.models.base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("entity", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("share", sa.String(length=8), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("created_at", app.models.base.Instant(), nullable=False),
        sa.Column("updated_at", app.models.base.Instant(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_saved_view_owner_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_saved_view_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("uid", name=op.f("uq_saved_view_uid")),
    )
    op.create_index("ix_saved_view_owner", "saved_view", ["owner_id", "entity"])
    op.create_index("ix_saved_view_share", "saved_view", ["share", "team_id"])


def downgrade() -> None:
    op.drop_index("ix_saved_view_share", table_name="saved_view")
    op.drop_index("ix_saved_view_owner", table_name="saved_view")
    op.drop_table("saved_view")
