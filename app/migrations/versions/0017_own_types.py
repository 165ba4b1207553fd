"""Kinds of record that administrators define, and their records."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

LIVE = sa.text("deleted_at IS NULL")
GONE = sa.text("deleted_at IS NOT NULL")
INDEXES = {
    "name": ("name_key", "id"),
    "created": ("created_at", "id"),
    "updated": ("updated_at", "id"),
    "owner": ("owner_id", "name_key", "id"),
    "team": ("team_id", "name_key", "id"),
}


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "own_type",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(36), nullable=False),
        *(sa.Column(name, sa.String(60), nullable=False) for name in ("name", "label", "plural")),
        sa.Column("icon", sa.String(40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("deleted_at", instant, nullable=True),
        sa.Column("created_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_type")),
        sa.UniqueConstraint("uid", name=op.f("uq_own_type_uid")),
        sa.UniqueConstraint("name", name=op.f("uq_own_type_name")),
    )
    op.create_table(
        "record",
        sa.Column("type_id", _key(60), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("name_key", _key(300), nullable=False),
        sa.Column("uid", sa.String(36), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("updated_at", instant, nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", instant, nullable=True),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        *(
            sa.Column(n, sa.Integer(), nullable=True)
            for n in ("created_by", "updated_by", "owner_id", "team_id")
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        *(_points(name, "user") for name in ("created_by", "updated_by", "owner_id")),
        _points("team_id", "team"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
        sa.UniqueConstraint("uid", name=op.f("uq_record_uid")),
    )
    for name, columns in INDEXES.items():
        _index(name, columns, LIVE)
    _index("trash", ("deleted_at",), GONE)


def _key(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def _points(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_record_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete="SET NULL")


def _index(name: str, columns: tuple[str, ...], where: sa.TextClause) -> None:
    op.create_index(
        f"ix_record_{name}", "record", ["type_id", *columns], sqlite_where=where, postgresql_where=where
    )


def downgrade() -> None:
    op.drop_table("record")
    op.drop_table("own_type")
