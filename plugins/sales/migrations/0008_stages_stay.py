"""A stage outlives its pipeline: one kind of record never deletes another past journal and trash"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _pipeline("SET NULL")


def downgrade() -> None:
    _pipeline("CASCADE")


def _pipeline(after: str) -> None:
    name = op.f("fk_sales_stage_pipeline_id")
    with op.batch_alter_table("sales_stage") as batch:
        batch.drop_constraint(name, type_="foreignkey")
        batch.create_foreign_key(name, "sales_pipeline", ["pipeline_id"], ["id"], ondelete=after)
