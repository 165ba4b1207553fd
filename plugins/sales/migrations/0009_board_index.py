"""The index of the board holds what its totals add up"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LIVE = sa.text("deleted_at IS NULL")
WIDE = ["stage_id", "close_on", "id", "outcome", "amount_base", "probability", "owner_id", "team_id"]


def upgrade() -> None:
    _replace("ix_sales_deal_live_stage_id_close_on", "ix_sales_deal_board", WIDE)


def downgrade() -> None:
    _replace("ix_sales_deal_board", "ix_sales_deal_live_stage_id_close_on", WIDE[:3])


def _replace(old: str, new: str, columns: list[str]) -> None:
    op.drop_index(old, table_name="sales_deal", sqlite_where=LIVE, postgresql_where=LIVE)
    op.create_index(new, "sales_deal", columns, sqlite_where=LIVE, postgresql_where=LIVE)
