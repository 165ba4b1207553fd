"""cadences"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sales_cadence",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("daily_cap", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user.id"], name=op.f("fk_sales_cadence_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_sales_cadence_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_sales_cadence_team_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["user.id"], name=op.f("fk_sales_cadence_updated_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_cadence")),
        sa.UniqueConstraint("uid", name=op.f("uq_sales_cadence_uid")),
    )
    op.create_index(
        "ix_sales_cadence_live_name",
        "sales_cadence",
        ["name", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "sales_cadence_step",
        sa.Column("cadence_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cadence_id"],
            ["sales_cadence.id"],
            name=op.f("fk_sales_cadence_step_cadence_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_cadence_step")),
    )
    op.create_index(
        "ix_sales_cadence_step_cadence", "sales_cadence_step", ["cadence_id", "position"], unique=False
    )
    op.create_table(
        "sales_enrolment",
        sa.Column("cadence_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("next_on", sa.String(length=10), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cadence_id"],
            ["sales_cadence.id"],
            name=op.f("fk_sales_enrolment_cadence_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_sales_enrolment_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["sales_lead.id"], name=op.f("fk_sales_enrolment_lead_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_sales_enrolment_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_enrolment")),
    )
    op.create_index("ix_sales_enrolment_contact", "sales_enrolment", ["contact_id", "state"], unique=False)
    op.create_index("ix_sales_enrolment_due", "sales_enrolment", ["state", "next_on", "id"], unique=False)
    op.create_index("ix_sales_enrolment_lead", "sales_enrolment", ["lead_id"], unique=False)
    op.create_index(
        "ux_sales_enrolment_going",
        "sales_enrolment",
        ["cadence_id", "contact_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('active', 'paused')"),
        postgresql_where=sa.text("state IN ('active', 'paused')"),
    )
    op.create_table(
        "sales_cadence_touch",
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["sales_enrolment.id"],
            name=op.f("fk_sales_cadence_touch_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["step_id"],
            ["sales_cadence_step.id"],
            name=op.f("fk_sales_cadence_touch_step_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_sales_cadence_touch_task_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_sales_cadence_touch_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_cadence_touch")),
    )
    op.create_index("ix_sales_cadence_touch_step", "sales_cadence_touch", ["step_id"], unique=False)
    op.create_index("ix_sales_cadence_touch_user", "sales_cadence_touch", ["user_id", "day"], unique=False)
    op.create_index(
        "ux_sales_cadence_touch", "sales_cadence_touch", ["enrolment_id", "position"], unique=True
    )


def downgrade() -> None:
    op.drop_index("ux_sales_cadence_touch", table_name="sales_cadence_touch")
    op.drop_index("ix_sales_cadence_touch_user", table_name="sales_cadence_touch")
    op.drop_index("ix_sales_cadence_touch_step", table_name="sales_cadence_touch")
    op.drop_table("sales_cadence_touch")
    op.drop_index(
        "ux_sales_enrolment_going",
        table_name="sales_enrolment",
        sqlite_where=sa.text("state IN ('active', 'paused')"),
        postgresql_where=sa.text("state IN ('active', 'paused')"),
    )
    op.drop_index("ix_sales_enrolment_lead", table_name="sales_enrolment")
    op.drop_index("ix_sales_enrolment_due", table_name="sales_enrolment")
    op.drop_index("ix_sales_enrolment_contact", table_name="sales_enrolment")
    op.drop_table("sales_enrolment")
    op.drop_index("ix_sales_cadence_step_cadence", table_name="sales_cadence_step")
    op.drop_table("sales_cadence_step")
    op.drop_index(
        "ix_sales_cadence_live_name",
        table_name="sales_cadence",
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("sales_cadence")
