"""What autogenerate cannot see: search indexes, the row of counters, foreign keys that close a circle."""

import sqlalchemy as sa
from alembic import op

from app.migrations import search_index

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CIRCLES = [("contact", "photo_id"), ("company", "logo_id")]


def upgrade() -> None:
    op.execute(
        sa.text("INSERT INTO epoch (id, plugins, schema, settings, permissions) VALUES (1, 1, 1, 1, 1)")
    )
    if op.get_context().dialect.name == "postgresql":  # SQLite has them in CREATE TABLE
        for table, column in CIRCLES:
            name = op.f(f"fk_{table}_{column}")
            op.create_foreign_key(name, table, "attachment", [column], ["id"], ondelete="SET NULL")
    search_index.create(op.get_bind())


def downgrade() -> None:
    search_index.drop(op.get_bind())
    if op.get_context().dialect.name == "postgresql":
        for table, column in CIRCLES:
            op.drop_constraint(op.f(f"fk_{table}_{column}"), table, type_="foreignkey")
    op.execute(sa.text("DELETE FROM epoch"))
