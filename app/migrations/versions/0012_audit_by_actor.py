"""What one person did is found in the audit log without reading all of it."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_actor_id", "audit", ["actor_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_audit_actor_id", table_name="audit")
