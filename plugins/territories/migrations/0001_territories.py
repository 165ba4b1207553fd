"""territories"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "territories_answer",
        sa.Column("seen", sa.String(length=32), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.Column("exact", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territories_answer")),
        sa.UniqueConstraint("seen", name=op.f("uq_territories_answer_seen")),
    )
    op.create_index("ix_territories_answer_at", "territories_answer", ["at"], unique=False)
    op.create_table(
        "territories_progress",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territories_progress")),
        sa.UniqueConstraint("name", name=op.f("uq_territories_progress_name")),
    )
    op.create_table(
        "territories_territory",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("borders", sa.Text(), nullable=False),
        sa.Column("shape", sa.Text(), nullable=False),
        sa.Column("condition", sa.String(length=1000), nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=False),
        sa.Column("valid_until", sa.String(length=10), nullable=False),
        sa.Column("marks", sa.Boolean(), nullable=False),
        sa.Column("follows", sa.Boolean(), nullable=False),
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
            ["created_by"], ["user.id"], name=op.f("fk_territories_territory_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_territories_territory_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["territories_territory.id"],
            name=op.f("fk_territories_territory_parent_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_territories_territory_team_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["updated_by"], ["user.id"], name=op.f("fk_territories_territory_updated_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territories_territory")),
        sa.UniqueConstraint("uid", name=op.f("uq_territories_territory_uid")),
    )
    op.create_index(
        "ix_territories_territory_live_name",
        "territories_territory",
        ["name", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_territories_territory_live_priority",
        "territories_territory",
        ["priority", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index("ix_territories_territory_parent", "territories_territory", ["parent_id"], unique=False)
    op.create_table(
        "territories_place",
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.Column("exact", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("cell", sa.Integer(), nullable=False),
        sa.Column("seen", sa.String(length=32), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("region", sa.String(length=100), nullable=False),
        sa.Column("postal_code", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_id", sa.Integer(), nullable=True),
        sa.Column("territory_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("away", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_territories_place_company_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_territories_place_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["named_id"],
            ["territories_territory.id"],
            name=op.f("fk_territories_place_named_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories_territory.id"],
            name=op.f("fk_territories_place_territory_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territories_place")),
        sa.UniqueConstraint("company_id", name=op.f("uq_territories_place_company_id")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_territories_place_contact_id")),
    )
    op.create_index("ix_territories_place_away", "territories_place", ["away", "contact_id"], unique=False)
    op.create_index(
        "ix_territories_place_cell",
        "territories_place",
        ["cell", "latitude", "longitude", "contact_id"],
        unique=False,
    )
    op.create_index(
        "ix_territories_place_country", "territories_place", ["country", "territory_id"], unique=False
    )
    op.create_index(
        "ix_territories_place_lost",
        "territories_place",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'lost'"),
        postgresql_where=sa.text("state = 'lost'"),
    )
    op.create_index("ix_territories_place_named", "territories_place", ["named_id"], unique=False)
    op.create_index(
        "ix_territories_place_territory", "territories_place", ["territory_id", "contact_id"], unique=False
    )
    op.create_table(
        "territories_tile",
        sa.Column("square", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("territory_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("contacts", sa.Integer(), nullable=False),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.Column("north", sa.Float(), nullable=False),
        sa.Column("east", sa.Float(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_territories_tile_owner_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_territories_tile_team_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories_territory.id"],
            name=op.f("fk_territories_tile_territory_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territories_tile")),
    )
    op.create_index("ix_territories_tile_square", "territories_tile", ["square"], unique=False)
    op.create_table(
        "territories_former",
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("territory_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["territories_place.id"],
            name=op.f("fk_territories_former_place_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories_territory.id"],
            name=op.f("fk_territories_former_territory_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territories_former")),
    )
    op.create_index("ix_territories_former_place", "territories_former", ["place_id", "until"], unique=False)
    op.create_table(
        "territories_mark",
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("territory_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["territories_place.id"],
            name=op.f("fk_territories_mark_place_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories_territory.id"],
            name=op.f("fk_territories_mark_territory_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territories_mark")),
        sa.UniqueConstraint(
            "territory_id", "place_id", name=op.f("uq_territories_mark_territory_id_place_id")
        ),
    )
    op.create_index("ix_territories_mark_place", "territories_mark", ["place_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_territories_mark_place", table_name="territories_mark")
    op.drop_table("territories_mark")
    op.drop_index("ix_territories_former_place", table_name="territories_former")
    op.drop_table("territories_former")
    op.drop_index("ix_territories_tile_square", table_name="territories_tile")
    op.drop_table("territories_tile")
    op.drop_index("ix_territories_place_territory", table_name="territories_place")
    op.drop_index("ix_territories_place_named", table_name="territories_place")
    op.drop_index(
        "ix_territories_place_lost",
        table_name="territories_place",
        sqlite_where=sa.text("state = 'lost'"),
        postgresql_where=sa.text("state = 'lost'"),
    )
    op.drop_index("ix_territories_place_country", table_name="territories_place")
    op.drop_index("ix_territories_place_cell", table_name="territories_place")
    op.drop_index("ix_territories_place_away", table_name="territories_place")
    op.drop_table("territories_place")
    op.drop_index("ix_territories_territory_parent", table_name="territories_territory")
    op.drop_index(
        "ix_territories_territory_live_priority",
        table_name="territories_territory",
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_territories_territory_live_name",
        table_name="territories_territory",
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("territories_territory")
    op.drop_table("territories_progress")
    op.drop_index("ix_territories_answer_at", table_name="territories_answer")
    op.drop_table("territories_answer")
