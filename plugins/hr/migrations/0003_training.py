"""training growth boarding"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hr_checklist",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("leaving", sa.Boolean(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_checklist")),
    )
    op.create_table(
        "hr_cycle",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.String(length=10), nullable=False),
        sa.Column("ends_on", sa.String(length=10), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_cycle")),
    )
    op.create_table(
        "hr_skill",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("category", sa.String(length=120), nullable=False),
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
            ["created_by"], ["user.id"], name=op.f("fk_hr_skill_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_hr_skill_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_hr_skill_team_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["user.id"], name=op.f("fk_hr_skill_updated_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_skill")),
        sa.UniqueConstraint("uid", name=op.f("uq_hr_skill_uid")),
    )
    with op.batch_alter_table("hr_skill", schema=None) as batch_op:
        batch_op.create_index(
            "ix_hr_skill_live_name",
            ["name", "id"],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "hr_course",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
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
            ["created_by"], ["user.id"], name=op.f("fk_hr_course_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_hr_course_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["hr_skill.id"], name=op.f("fk_hr_course_skill_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_hr_course_team_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["user.id"], name=op.f("fk_hr_course_updated_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_course")),
        sa.UniqueConstraint("uid", name=op.f("uq_hr_course_uid")),
    )
    with op.batch_alter_table("hr_course", schema=None) as batch_op:
        batch_op.create_index(
            "ix_hr_course_live_name",
            ["name", "id"],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.create_table(
        "hr_requirement",
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["position_id"],
            ["hr_position.id"],
            name=op.f("fk_hr_requirement_position_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["hr_skill.id"], name=op.f("fk_hr_requirement_skill_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_requirement")),
    )
    with op.batch_alter_table("hr_requirement", schema=None) as batch_op:
        batch_op.create_index("ix_hr_requirement_skill", ["skill_id"], unique=False)
        batch_op.create_index("ux_hr_requirement", ["position_id", "skill_id"], unique=True)

    op.create_table(
        "hr_certificate",
        sa.Column("employee_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("issued_on", sa.String(length=10), nullable=False),
        sa.Column("expires_on", sa.String(length=10), nullable=False),
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
            ["created_by"], ["user.id"], name=op.f("fk_hr_certificate_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"],
            ["hr_employee.id"],
            name=op.f("fk_hr_certificate_employee_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_hr_certificate_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["hr_skill.id"], name=op.f("fk_hr_certificate_skill_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_hr_certificate_team_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["user.id"], name=op.f("fk_hr_certificate_updated_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_certificate")),
        sa.UniqueConstraint("uid", name=op.f("uq_hr_certificate_uid")),
    )
    with op.batch_alter_table("hr_certificate", schema=None) as batch_op:
        batch_op.create_index("ix_hr_certificate_employee", ["employee_id", "expires_on"], unique=False)
        batch_op.create_index(
            "ix_hr_certificate_live_expires_on",
            ["expires_on", "id"],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
        batch_op.create_index("ix_hr_certificate_skill", ["skill_id", "employee_id"], unique=False)

    op.create_table(
        "hr_goal",
        sa.Column("employee_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("target", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("current", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("counts", sa.String(length=80), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("adds", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.String(length=10), nullable=False),
        sa.Column("ends_on", sa.String(length=10), nullable=False),
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
            ["created_by"], ["user.id"], name=op.f("fk_hr_goal_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["hr_employee.id"], name=op.f("fk_hr_goal_employee_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_hr_goal_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["hr_goal.id"], name=op.f("fk_hr_goal_parent_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_hr_goal_team_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["user.id"], name=op.f("fk_hr_goal_updated_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_goal")),
        sa.UniqueConstraint("uid", name=op.f("uq_hr_goal_uid")),
    )
    with op.batch_alter_table("hr_goal", schema=None) as batch_op:
        batch_op.create_index("ix_hr_goal_employee", ["employee_id", "ends_on"], unique=False)
        batch_op.create_index(
            "ix_hr_goal_live_ends_on",
            ["ends_on", "id"],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
        batch_op.create_index("ix_hr_goal_parent", ["parent_id"], unique=False)

    op.create_table(
        "hr_held",
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["hr_employee.id"], name=op.f("fk_hr_held_employee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["hr_skill.id"], name=op.f("fk_hr_held_skill_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_held")),
    )
    with op.batch_alter_table("hr_held", schema=None) as batch_op:
        batch_op.create_index("ix_hr_held_skill", ["skill_id"], unique=False)
        batch_op.create_index("ux_hr_held", ["employee_id", "skill_id"], unique=True)

    op.create_table(
        "hr_hold",
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["hr_employee.id"], name=op.f("fk_hr_hold_employee_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_hold")),
    )
    with op.batch_alter_table("hr_hold", schema=None) as batch_op:
        batch_op.create_index("ux_hr_hold", ["employee_id"], unique=True)

    op.create_table(
        "hr_review",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["hr_cycle.id"], name=op.f("fk_hr_review_cycle_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["hr_employee.id"], name=op.f("fk_hr_review_employee_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_review")),
    )
    with op.batch_alter_table("hr_review", schema=None) as batch_op:
        batch_op.create_index("ix_hr_review_employee", ["employee_id"], unique=False)
        batch_op.create_index("ux_hr_review", ["cycle_id", "employee_id"], unique=True)

    op.create_table(
        "hr_session",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("trainer", sa.String(length=200), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["hr_course.id"], name=op.f("fk_hr_session_course_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_session")),
    )
    with op.batch_alter_table("hr_session", schema=None) as batch_op:
        batch_op.create_index("ix_hr_session_course", ["course_id", "starts_on"], unique=False)
        batch_op.create_index("ix_hr_session_day", ["starts_on"], unique=False)

    op.create_table(
        "hr_step",
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.String(length=10), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["done_by"], ["user.id"], name=op.f("fk_hr_step_done_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["hr_employee.id"], name=op.f("fk_hr_step_employee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_hr_step_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_step")),
    )
    with op.batch_alter_table("hr_step", schema=None) as batch_op:
        batch_op.create_index("ix_hr_step_employee", ["employee_id", "due_on"], unique=False)
        batch_op.create_index("ix_hr_step_user", ["user_id", "done_at", "due_on"], unique=False)

    op.create_table(
        "hr_talk",
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("held_on", sa.String(length=10), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_hr_talk_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["hr_employee.id"], name=op.f("fk_hr_talk_employee_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_talk")),
    )
    with op.batch_alter_table("hr_talk", schema=None) as batch_op:
        batch_op.create_index("ix_hr_talk_author", ["author_id", "held_on"], unique=False)
        batch_op.create_index("ix_hr_talk_employee", ["employee_id", "held_on"], unique=False)

    op.create_table(
        "hr_enrolment",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["hr_employee.id"], name=op.f("fk_hr_enrolment_employee_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["hr_session.id"], name=op.f("fk_hr_enrolment_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_enrolment")),
    )
    with op.batch_alter_table("hr_enrolment", schema=None) as batch_op:
        batch_op.create_index("ix_hr_enrolment_employee", ["employee_id"], unique=False)
        batch_op.create_index("ux_hr_enrolment", ["session_id", "employee_id"], unique=True)

    op.create_table(
        "hr_feedback",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["hr_employee.id"], name=op.f("fk_hr_feedback_author_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["hr_review.id"], name=op.f("fk_hr_feedback_review_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_feedback")),
    )
    with op.batch_alter_table("hr_feedback", schema=None) as batch_op:
        batch_op.create_index("ix_hr_feedback_author", ["author_id"], unique=False)
        batch_op.create_index("ux_hr_feedback", ["review_id", "author_id"], unique=True)


def downgrade() -> None:
    with op.batch_alter_table("hr_feedback", schema=None) as batch_op:
        batch_op.drop_index("ux_hr_feedback")
        batch_op.drop_index("ix_hr_feedback_author")

    op.drop_table("hr_feedback")
    with op.batch_alter_table("hr_enrolment", schema=None) as batch_op:
        batch_op.drop_index("ux_hr_enrolment")
        batch_op.drop_index("ix_hr_enrolment_employee")

    op.drop_table("hr_enrolment")
    with op.batch_alter_table("hr_talk", schema=None) as batch_op:
        batch_op.drop_index("ix_hr_talk_employee")
        batch_op.drop_index("ix_hr_talk_author")

    op.drop_table("hr_talk")
    with op.batch_alter_table("hr_step", schema=None) as batch_op:
        batch_op.drop_index("ix_hr_step_user")
        batch_op.drop_index("ix_hr_step_employee")

    op.drop_table("hr_step")
    with op.batch_alter_table("hr_session", schema=None) as batch_op:
        batch_op.drop_index("ix_hr_session_day")
        batch_op.drop_index("ix_hr_session_course")

    op.drop_table("hr_session")
    with op.batch_alter_table("hr_review", schema=None) as batch_op:
        batch_op.drop_index("ux_hr_review")
        batch_op.drop_index("ix_hr_review_employee")

    op.drop_table("hr_review")
    with op.batch_alter_table("hr_hold", schema=None) as batch_op:
        batch_op.drop_index("ux_hr_hold")

    op.drop_table("hr_hold")
    with op.batch_alter_table("hr_held", schema=None) as batch_op:
        batch_op.drop_index("ux_hr_held")
        batch_op.drop_index("ix_hr_held_skill")

    op.drop_table("hr_held")
    with op.batch_alter_table("hr_goal", schema=None) as batch_op:
        batch_op.drop_index("ix_hr_goal_parent")
        batch_op.drop_index(
            "ix_hr_goal_live_ends_on",
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
        batch_op.drop_index("ix_hr_goal_employee")

    op.drop_table("hr_goal")
    with op.batch_alter_table("hr_certificate", schema=None) as batch_op:
        batch_op.drop_index("ix_hr_certificate_skill")
        batch_op.drop_index(
            "ix_hr_certificate_live_expires_on",
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
        batch_op.drop_index("ix_hr_certificate_employee")

    op.drop_table("hr_certificate")
    with op.batch_alter_table("hr_requirement", schema=None) as batch_op:
        batch_op.drop_index("ux_hr_requirement")
        batch_op.drop_index("ix_hr_requirement_skill")

    op.drop_table("hr_requirement")
    with op.batch_alter_table("hr_course", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_hr_course_live_name",
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.drop_table("hr_course")
    with op.batch_alter_table("hr_skill", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_hr_skill_live_name",
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )

    op.drop_table("hr_skill")
    op.drop_table("hr_cycle")
    op.drop_table("hr_checklist")
