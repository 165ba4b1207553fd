"""Address books of users, as programs on phones were told of them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "dav_book",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.String(200), nullable=False),
        sa.Column("checked_at", instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_dav_book_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dav_book")),
        sa.UniqueConstraint("user_id", name=op.f("uq_dav_book_user_id")),
    )
    op.create_table(
        "dav_card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("uid", sa.String(255), nullable=False),
        sa.Column("stamp", sa.String(40), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("gone_at", instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["book_id"], ["dav_book.id"], name=op.f("fk_dav_card_book_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dav_card")),
        sa.UniqueConstraint("book_id", "contact_id", name=op.f("uq_dav_card_book_id_contact_id")),
        sa.UniqueConstraint("book_id", "name", name=op.f("uq_dav_card_book_id_name")),
    )
    op.create_index("ix_dav_card_seq", "dav_card", ["book_id", "seq"])
    op.create_index("ix_dav_card_uid", "dav_card", ["book_id", "uid"])
    gone = sa.text("gone_at IS NOT NULL")
    op.create_index("ix_dav_card_gone_at", "dav_card", ["gone_at"], sqlite_where=gone, postgresql_where=gone)


def downgrade() -> None:
    op.drop_table("dav_card")
    op.drop_table("dav_book")
