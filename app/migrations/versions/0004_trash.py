"""The index on deleted_at is over the trash alone, so that nothing else is looked up by it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("company", "contact", "interaction", "task")
TRASHED = sa.text("deleted_at IS NOT NULL")


def upgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_deleted_at", table_name=table)
        op.create_index(
            f"ix_{table}_deleted_at", table, ["deleted_at"], sqlite_where=TRASHED, postgresql_where=TRASHED
        )


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_deleted_at", table_name=table)
        op.create_index(f"ix_{table}_deleted_at", table, ["deleted_at"])
