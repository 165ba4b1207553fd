"""leave"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hr_feed",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_hr_feed_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_feed")),
    )
    with op.batch_alter_table("hr_feed", schema=None) as batch_op:
        batch_op.create_index("ux_hr_feed_digest", ["digest"], unique=True)
        batch_op.create_index("ux_hr_feed_user", ["user_id"], unique=True)

    op.create_table(
        "hr_leave_type",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("days_a_year", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("accrual", sa.String(length=8), nullable=False),
        sa.Column("carry_days", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("carry_until", sa.String(length=5), nullable=False),
        sa.Column("decided", sa.Boolean(), nullable=False),
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
            ["created_by"], ["user.id"], name=op.f("fk_hr_leave_type_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_hr_leave_type_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_hr_leave_type_team_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["user.id"], name=op.f("fk_hr_leave_type_updated_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_leave_type")),
        sa.UniqueConstraint("uid", name=op.f("uq_hr_leave_type_uid")),
    )
    with op.batch_alter_table("hr_leave_type", schema=None) as batch_op:
        batch_op.create_index(
            "ix_hr_leave_type_live_name",
            ["name", "id"],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "hr_absence",
        sa.Column("employee_id", sa.Integer(), nullable=True),
        sa.Column("type_id", sa.Integer(), nullable=True),
        sa.Column("first_on", sa.String(length=10), nullable=False),
        sa.Column("last_on", sa.String(length=10), nullable=False),
        sa.Column("half", sa.String(length=8), nullable=False),
        sa.Column("days", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
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
            ["created_by"], ["user.id"], name=op.f("fk_hr_absence_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user.id"], name=op.f("fk_hr_absence_decided_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["hr_employee.id"], name=op.f("fk_hr_absence_employee_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_hr_absence_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_hr_absence_team_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["type_id"], ["hr_leave_type.id"], name=op.f("fk_hr_absence_type_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["user.id"], name=op.f("fk_hr_absence_updated_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_absence")),
        sa.UniqueConstraint("uid", name=op.f("uq_hr_absence_uid")),
    )
    with op.batch_alter_table("hr_absence", schema=None) as batch_op:
        batch_op.create_index("ix_hr_absence_employee", ["employee_id", "first_on"], unique=False)
        batch_op.create_index("ix_hr_absence_last", ["last_on", "first_on"], unique=False)
        batch_op.create_index(
            "ix_hr_absence_live_first_on",
            ["first_on", "id"],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
        batch_op.create_index("ix_hr_absence_status", ["status", "first_on"], unique=False)

    op.create_table(
        "hr_allowance",
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("type_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("days", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("carried", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["hr_employee.id"], name=op.f("fk_hr_allowance_employee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["type_id"], ["hr_leave_type.id"], name=op.f("fk_hr_allowance_type_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_allowance")),
    )
    with op.batch_alter_table("hr_allowance", schema=None) as batch_op:
        batch_op.create_index("ux_hr_allowance", ["employee_id", "type_id", "year"], unique=True)


def downgrade() -> None:
    with op.batch_alter_table("hr_allowance", schema=None) as batch_op:
        batch_op.drop_index("ux_hr_allowance")

    op.drop_table("hr_allowance")
    with op.batch_alter_table("hr_absence", schema=None) as batch_op:
        batch_op.drop_index("ix_hr_absence_status")
        batch_op.drop_index(
            "ix_hr_absence_live_first_on",
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
        batch_op.drop_index("ix_hr_absence_last")
        batch_op.drop_index("ix_hr_absence_employee")

    op.drop_table("hr_absence")
    with op.batch_alter_table("hr_leave_type", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_hr_leave_type_live_name",
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.drop_table("hr_leave_type")
    with op.batch_alter_table("hr_feed", schema=None) as batch_op:
        batch_op.drop_index("ux_hr_feed_user")
        batch_op.drop_index("ux_hr_feed_digest")

    op.drop_table("hr_feed")
