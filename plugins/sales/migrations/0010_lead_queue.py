"""The inbox of leads is read by index, a page at a time"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEPT = "(status IN ('new', 'working', 'nurturing'))"
STANDING = "(status IN ('new', 'working'))"
UNANSWERED = " AND first_contact_at IS NULL AND respond_by IS NOT NULL"
INDEXES = (
    ("ix_sales_lead_waiting", STANDING, UNANSWERED, ["respond_by", "id"]),
    ("ix_sales_lead_waiting_of", STANDING, UNANSWERED, ["owner_id", "respond_by", "id"]),
    ("ix_sales_lead_kept", KEPT, "", ["id"]),
    ("ix_sales_lead_kept_of", KEPT, "", ["owner_id", "id"]),
    ("ix_sales_lead_hot", STANDING, " AND grade = 'hot'", ["score", "id"]),
)


def upgrade() -> None:
    for name, states, rest, columns in INDEXES:
        lite, full = (sa.text(f"deleted_at IS NULL AND {states} IS {true}{rest}") for true in ("1", "TRUE"))
        op.create_index(name, "sales_lead", columns, sqlite_where=lite, postgresql_where=full)


def downgrade() -> None:
    for name, _states, _rest, _columns in INDEXES:
        op.drop_index(name, table_name="sales_lead")
