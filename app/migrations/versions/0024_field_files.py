"""Files that are the value of a field."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attachment", sa.Column("field_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_attachment_field_id"), "attachment", ["field_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_attachment_field_id"), table_name="attachment")
    op.drop_column("attachment", "field_id")
