"""Reminders, notifications, working calendars, dates to remember, keeping in touch, stages as data."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LIVE = sa.text("deleted_at IS NULL")
NEW = (
    "work_exception",
    "work_calendar",
    "notification_delivery",
    "notification",
    "reminder",
    "contact_date",
    "lifecycle_stage",
)
DUE = {
    "ix_contact_live_keep_in_touch_on": ["keep_in_touch_on", "id"],
    "ix_contact_live_owner_id_keep_in_touch_on": ["owner_id", "keep_in_touch_on", "id"],
}
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("contact", sa.Column("keep_in_touch_days", sa.Integer(), nullable=True))
    op.add_column(
        "contact", sa.Column("keep_in_touch_on", _key(), server_default="9999-12-31", nullable=False)
    )
    for name, columns in DUE.items():
        op.create_index(name, "contact", columns, sqlite_where=LIVE, postgresql_where=LIVE)
    _reminders()
    _notifications()
    _deliveries()
    _calendars()
    _dates()
    _table(
        "lifecycle_stage",
        _column("name", sa.String(40)),
        _column("label", sa.String(120)),
        _column("tone", sa.String(12)),
        _column("position", sa.Integer()),
        _column("retired", sa.Boolean()),
        sa.UniqueConstraint("name", name=op.f("uq_lifecycle_stage_name")),
    )


def _reminders() -> None:
    waiting = sa.text("sent_at IS NULL")
    _table(
        "reminder",
        _column("entity", sa.String(80)),
        _column("record_id", sa.Integer()),
        _column("user_id", sa.Integer()),
        _column("at", INSTANT),
        _column("snoozed", sa.Boolean()),
        sa.Column("sent_at", INSTANT, nullable=True),
        _cascade("reminder", "user_id", "user"),
        sa.UniqueConstraint(
            "entity", "record_id", "user_id", "at", name=op.f("uq_reminder_entity_record_id_user_id_at")
        ),
    )
    op.create_index(op.f("ix_reminder_user_id"), "reminder", ["user_id"])
    op.create_index(
        "ix_reminder_due", "reminder", ["at", "id"], sqlite_where=waiting, postgresql_where=waiting
    )


def _notifications() -> None:
    unread = sa.text("read_at IS NULL")
    _table(
        "notification",
        _column("user_id", sa.Integer()),
        _column("topic", sa.String(120)),
        _column("text", sa.String(500)),
        _column("entity", sa.String(80)),
        _column("record_id", sa.Integer()),
        _column("url", sa.String(500)),
        sa.Column("key", sa.String(200), nullable=True),
        _column("shown", sa.Boolean()),
        _column("created_at", INSTANT),
        sa.Column("read_at", INSTANT, nullable=True),
        _cascade("notification", "user_id", "user"),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_notification_user_id_key")),
    )
    op.create_index("ix_notification_user_id", "notification", ["user_id", "id"])
    op.create_index("ix_notification_record", "notification", ["entity", "record_id"])
    op.create_index("ix_notification_created_at", "notification", ["created_at"])
    op.create_index(
        "ix_notification_unread",
        "notification",
        ["user_id", "id"],
        sqlite_where=unread,
        postgresql_where=unread,
    )


def _deliveries() -> None:
    still = sa.text("done_at IS NULL")
    _table(
        "notification_delivery",
        _column("notification_id", sa.Integer()),
        _column("user_id", sa.Integer()),
        _column("channel", sa.String(120)),
        _column("due_at", INSTANT),
        sa.Column("done_at", INSTANT, nullable=True),
        _cascade("notification_delivery", "notification_id", "notification"),
        _cascade("notification_delivery", "user_id", "user"),
    )
    op.create_index(
        op.f("ix_notification_delivery_notification_id"), "notification_delivery", ["notification_id"]
    )
    op.create_index(
        "ix_notification_delivery_open",
        "notification_delivery",
        ["user_id", "channel", "due_at"],
        sqlite_where=still,
        postgresql_where=still,
    )


def _calendars() -> None:
    _table(
        "work_calendar",
        _column("scope", sa.String(10)),
        _column("scope_id", sa.Integer()),
        _column("week", sa.Text()),
        _column("country", sa.String(2)),
        _column("region", sa.String(40)),
        _column("zone", sa.String(64)),
        sa.UniqueConstraint("scope", "scope_id", name=op.f("uq_work_calendar_scope_scope_id")),
    )
    _table(
        "work_exception",
        _column("calendar_id", sa.Integer()),
        _column("first_on", _key()),
        _column("last_on", _key()),
        _column("periods", sa.Text()),
        _column("label", sa.String(120)),
        _cascade("work_exception", "calendar_id", "work_calendar"),
    )
    op.create_index("ix_work_exception_calendar_id", "work_exception", ["calendar_id", "last_on"])


def _dates() -> None:
    _table(
        "contact_date",
        _column("contact_id", sa.Integer()),
        _column("kind", sa.String(12)),
        _column("label", sa.String(120)),
        _column("on_date", sa.String(10)),
        _column("yearly", sa.Boolean()),
        _column("day", _key()),
        _cascade("contact_date", "contact_id", "contact"),
    )
    op.create_index("ix_contact_date_day", "contact_date", ["day", "contact_id"])
    op.create_index("ix_contact_date_contact_id", "contact_date", ["contact_id", "kind"])
    for statement in KNOWN:
        op.execute(sa.text(statement))


KNOWN = (
    "INSERT INTO contact_date (contact_id, kind, label, on_date, yearly, day)"
    " SELECT id, 'birthday', '', birthday, true, substr(birthday, length(birthday) - 4) FROM contact"
    " WHERE birthday LIKE '____-__-__' OR birthday LIKE '--__-__'",
    "INSERT INTO contact_date (contact_id, kind, label, on_date, yearly, day)"
    " SELECT id, 'anniversary', '', anniversary, true, substr(anniversary, length(anniversary) - 4)"
    " FROM contact WHERE anniversary LIKE '____-__-__' OR anniversary LIKE '--__-__'",
)
"""The dates that contacts have already; one without day or month comes round on no day."""


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    identity = sa.Column("id", sa.Integer(), nullable=False)
    op.create_table(name, identity, *parts, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")))


def _column(name: str, kind: sa.types.TypeEngine) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


def _cascade(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
    )


def _key() -> sa.types.TypeEngine:
    return sa.String(10).with_variant(sa.String(10, collation="C"), "postgresql")


def downgrade() -> None:
    for table in NEW:
        op.drop_table(table)
    for name in DUE:
        op.drop_index(name, table_name="contact")
    op.drop_column("contact", "keep_in_touch_on")
    op.drop_column("contact", "keep_in_touch_days")
