"""Whether single letters of the keyboard do something is up to each user; what waits to be sealed is found at once."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

UNSEALED = sa.text("hash = ''")


def upgrade() -> None:
    with op.batch_alter_table("user") as batch:
        batch.add_column(sa.Column("shortcuts", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index("ix_audit_unsealed", "audit", ["id"], sqlite_where=UNSEALED, postgresql_where=UNSEALED)


def downgrade() -> None:
    op.drop_index("ix_audit_unsealed", table_name="audit")
    with op.batch_alter_table("user") as batch:
        batch.drop_column("shortcuts")
