"""Addresses at which other programs tell Kith something."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "webhook_inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(36), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("entity", sa.String(80), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("match", sa.String(40), nullable=False),
        sa.Column("duplicates", sa.String(12), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("former_until", instant, nullable=True),
        sa.Column("heard_at", instant, nullable=True),
        sa.Column("created_at", instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_webhook_inbox_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_inbox")),
        sa.UniqueConstraint("uid", name=op.f("uq_webhook_inbox_uid")),
    )
    op.create_index(op.f("ix_webhook_inbox_user_id"), "webhook_inbox", ["user_id"])
    op.create_index("ix_receipt_channel", "receipt", ["channel", "id"])
    op.create_index("ix_receipt_at", "receipt", ["at"])


def downgrade() -> None:
    op.drop_index("ix_receipt_at", "receipt")
    op.drop_index("ix_receipt_channel", "receipt")
    op.drop_table("webhook_inbox")
