"""Pinned entries and contacts that go cold are found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PINNED = sa.text("pinned_at IS NOT NULL")
LIVE = sa.text("deleted_at IS NULL")
COLD = "ix_contact_live_owner_id_last_interaction_at"


def upgrade() -> None:
    op.add_column("interaction_link", sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        sa.text(
            "UPDATE interaction_link SET pinned_at = (SELECT pinned_at FROM interaction"
            " WHERE interaction.id = interaction_link.interaction_id)"
            " WHERE interaction_id IN (SELECT id FROM interaction WHERE pinned_at IS NOT NULL)"
        )
    )
    op.create_index(
        "ix_interaction_link_pinned",
        "interaction_link",
        ["entity", "record_id", "pinned_at"],
        sqlite_where=PINNED,
        postgresql_where=PINNED,
    )
    op.create_index(
        COLD,
        "contact",
        ["owner_id", "last_interaction_at", "id"],
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def downgrade() -> None:
    op.drop_index(COLD, table_name="contact")
    op.drop_index("ix_interaction_link_pinned", table_name="interaction_link")
    op.drop_column("interaction_link", "pinned_at")
