"""forecast"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sales_forecast_call",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.String(length=10), nullable=False),
        sa.Column("ends_on", sa.String(length=10), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user.id"], name=op.f("fk_sales_forecast_call_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_sales_forecast_call_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_forecast_call")),
    )
    op.create_index(
        "ix_sales_forecast_call_period",
        "sales_forecast_call",
        ["starts_on", "ends_on", "user_id"],
        unique=False,
    )
    op.create_table(
        "sales_snapshot",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("deals", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_sales_snapshot_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_snapshot")),
    )
    op.create_index("ix_sales_snapshot_day", "sales_snapshot", ["day", "id"], unique=False)
    op.create_table(
        "sales_slip",
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_on", sa.String(length=10), nullable=False),
        sa.Column("to_on", sa.String(length=10), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["sales_deal.id"], name=op.f("fk_sales_slip_deal_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_sales_slip_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_slip")),
    )
    op.create_index("ix_sales_slip_deal", "sales_slip", ["deal_id", "at"], unique=False)
    op.create_index("ix_sales_slip_from", "sales_slip", ["from_on", "deal_id"], unique=False)
    op.create_index("ux_sales_slip_event", "sales_slip", ["event_id"], unique=True)
    op.create_table(
        "sales_snapshot_deal",
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("pipeline_id", sa.Integer(), nullable=True),
        sa.Column("stage_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("category", sa.String(length=12), nullable=False),
        sa.Column("amount_base", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("close_on", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["sales_deal.id"], name=op.f("fk_sales_snapshot_deal_deal_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["sales_snapshot.id"],
            name=op.f("fk_sales_snapshot_deal_snapshot_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_snapshot_deal")),
    )
    op.create_index(
        "ix_sales_snapshot_deal_close", "sales_snapshot_deal", ["snapshot_id", "close_on"], unique=False
    )
    op.create_index("ix_sales_snapshot_deal_deal", "sales_snapshot_deal", ["deal_id"], unique=False)
    op.create_index("ux_sales_snapshot_deal", "sales_snapshot_deal", ["snapshot_id", "deal_id"], unique=True)


def downgrade() -> None:
    op.drop_index("ux_sales_snapshot_deal", table_name="sales_snapshot_deal")
    op.drop_index("ix_sales_snapshot_deal_deal", table_name="sales_snapshot_deal")
    op.drop_index("ix_sales_snapshot_deal_close", table_name="sales_snapshot_deal")
    op.drop_table("sales_snapshot_deal")
    op.drop_index("ux_sales_slip_event", table_name="sales_slip")
    op.drop_index("ix_sales_slip_from", table_name="sales_slip")
    op.drop_index("ix_sales_slip_deal", table_name="sales_slip")
    op.drop_table("sales_slip")
    op.drop_index("ix_sales_snapshot_day", table_name="sales_snapshot")
    op.drop_table("sales_snapshot")
    op.drop_index("ix_sales_forecast_call_period", table_name="sales_forecast_call")
    op.drop_table("sales_forecast_call")
