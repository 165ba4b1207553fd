"""goals"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sales_plan",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("of_quota", sa.Boolean(), nullable=False),
        sa.Column("tiers", sa.JSON(), nullable=False),
        sa.Column("clawback_days", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.String(length=10), nullable=False),
        sa.Column("ends_on", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_plan")),
    )
    op.create_table(
        "sales_dispute",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["user.id"], name=op.f("fk_sales_dispute_answered_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["sales_plan.id"], name=op.f("fk_sales_dispute_plan_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_sales_dispute_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_dispute")),
    )
    op.create_index(
        "ix_sales_dispute_statement", "sales_dispute", ["plan_id", "user_id", "starts_on"], unique=False
    )
    op.create_table(
        "sales_goal",
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("metric", sa.String(length=12), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_sales_goal_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_goal")),
    )
    op.create_index("ix_sales_goal_user", "sales_goal", ["user_id"], unique=False)
    op.create_table(
        "sales_plan_member",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["sales_plan.id"], name=op.f("fk_sales_plan_member_plan_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_sales_plan_member_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_plan_member")),
    )
    op.create_index("ix_sales_plan_member_user", "sales_plan_member", ["user_id"], unique=False)
    op.create_index("ux_sales_plan_member", "sales_plan_member", ["plan_id", "user_id"], unique=True)
    op.create_table(
        "sales_quota",
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.String(length=10), nullable=False),
        sa.Column("ends_on", sa.String(length=10), nullable=False),
        sa.Column("metric", sa.String(length=8), nullable=False),
        sa.Column("target", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_sales_quota_team_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_sales_quota_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_quota")),
    )
    op.create_index(
        "ix_sales_quota_period", "sales_quota", ["starts_on", "ends_on", "user_id", "team_id"], unique=False
    )
    op.create_table(
        "sales_statement",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.String(length=10), nullable=False),
        sa.Column("ends_on", sa.String(length=10), nullable=False),
        sa.Column("quota", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("tiers", sa.JSON(), nullable=False),
        sa.Column("total", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_by", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["locked_by"], ["user.id"], name=op.f("fk_sales_statement_locked_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["sales_plan.id"], name=op.f("fk_sales_statement_plan_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_sales_statement_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_statement")),
    )
    op.create_index("ix_sales_statement_user", "sales_statement", ["user_id", "starts_on"], unique=False)
    op.create_index("ux_sales_statement", "sales_statement", ["plan_id", "user_id", "starts_on"], unique=True)
    op.create_table(
        "sales_affinity",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("both", sa.Integer(), nullable=False),
        sa.Column("with_has", sa.Integer(), nullable=False),
        sa.Column("with_also", sa.Integer(), nullable=False),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["other_id"], ["sales_product.id"], name=op.f("fk_sales_affinity_other_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["sales_product.id"],
            name=op.f("fk_sales_affinity_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_affinity")),
    )
    op.create_index("ix_sales_affinity_other", "sales_affinity", ["other_id"], unique=False)
    op.create_index("ux_sales_affinity", "sales_affinity", ["product_id", "other_id"], unique=True)
    op.create_table(
        "sales_split",
        sa.Column("deal_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Numeric(precision=7, scale=4), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["sales_deal.id"], name=op.f("fk_sales_split_deal_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_sales_split_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_split")),
    )
    op.create_index("ix_sales_split_user", "sales_split", ["user_id"], unique=False)
    op.create_index("ux_sales_split", "sales_split", ["deal_id", "user_id"], unique=True)
    op.create_table(
        "sales_statement_line",
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("deal_amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("percent", sa.Numeric(precision=7, scale=4), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("turnover", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("earned", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["sales_deal.id"], name=op.f("fk_sales_statement_line_deal_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["sales_statement.id"],
            name=op.f("fk_sales_statement_line_statement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_statement_line")),
    )
    op.create_index("ix_sales_statement_line_deal", "sales_statement_line", ["deal_id"], unique=False)
    op.create_index(
        "ix_sales_statement_line_statement", "sales_statement_line", ["statement_id", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_sales_statement_line_statement", table_name="sales_statement_line")
    op.drop_index("ix_sales_statement_line_deal", table_name="sales_statement_line")
    op.drop_table("sales_statement_line")
    op.drop_index("ux_sales_split", table_name="sales_split")
    op.drop_index("ix_sales_split_user", table_name="sales_split")
    op.drop_table("sales_split")
    op.drop_index("ux_sales_affinity", table_name="sales_affinity")
    op.drop_index("ix_sales_affinity_other", table_name="sales_affinity")
    op.drop_table("sales_affinity")
    op.drop_index("ux_sales_statement", table_name="sales_statement")
    op.drop_index("ix_sales_statement_user", table_name="sales_statement")
    op.drop_table("sales_statement")
    op.drop_index("ix_sales_quota_period", table_name="sales_quota")
    op.drop_table("sales_quota")
    op.drop_index("ux_sales_plan_member", table_name="sales_plan_member")
    op.drop_index("ix_sales_plan_member_user", table_name="sales_plan_member")
    op.drop_table("sales_plan_member")
    op.drop_index("ix_sales_goal_user", table_name="sales_goal")
    op.drop_table("sales_goal")
    op.drop_index("ix_sales_dispute_statement", table_name="sales_dispute")
    op.drop_table("sales_dispute")
    op.drop_table("sales_plan")
