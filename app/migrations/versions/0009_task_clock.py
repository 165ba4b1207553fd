"""A task knows the wall time at which it is due, so that a change of clocks never moves its series."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("task", sa.Column("due_clock", sa.String(5), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("task") as batch:
        batch.drop_column("due_clock")
