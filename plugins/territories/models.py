"""The tables of territories: the territories themselves, where records are, what they belonged to before, and tiles of the map."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Instant, Model, Record, live, now

NOWHERE = -1
"""The cell of what has no place."""


class Territory(Record):
    """An area of responsibility; whose it is, its owner and team say. `borders` are lines (see `borders`), `shape` is
    GeoJSON, `condition` an expression of the filter language that must hold besides.

    Of several that hold a record the one with the greatest `priority` has it, then the deeper one in the tree. A
    territory that only `marks` has nothing: it is a place to filter by. With `follows` records go to its owner.
    """

    __tablename__ = "territories_territory"
    __entity__ = "territories.territory"
    __table_args__ = (
        live("territories_territory", "name", "id"),
        live("territories_territory", "priority", "id"),
        Index("ix_territories_territory_parent", "parent_id"),
    )
    name: Mapped[str] = mapped_column(String(200))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("territories_territory.id", ondelete="SET NULL"))
    priority: Mapped[int] = mapped_column(Integer, default=0)
    borders: Mapped[str] = mapped_column(Text, default="")
    shape: Mapped[str] = mapped_column(Text, default="")
    condition: Mapped[str] = mapped_column(String(1000), default="")
    valid_from: Mapped[str] = mapped_column(String(10), default="")
    valid_until: Mapped[str] = mapped_column(String(10), default="")
    marks: Mapped[bool] = mapped_column(default=False)
    follows: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")


class Place(Model):
    """Where a contact or a company is (exactly one of the two), and to which territory it belongs.

    `state` is found, lost (the address is not known) or pinned (somebody put it there); `exact` how well it is known,
    `metres` how far it may be off. `cell` is the square of the earth in it (see `grid`). `seen` tells one address from
    another, so that only a changed one is asked for again. `named_id` is the territory that somebody named for it;
    `away` how many kilometres it is from the place that the settings call home.
    """

    __tablename__ = "territories_place"
    __table_args__ = (
        UniqueConstraint("contact_id"),
        UniqueConstraint("company_id"),
        Index("ix_territories_place_cell", "cell", "latitude", "longitude", "contact_id"),
        Index("ix_territories_place_territory", "territory_id", "contact_id"),
        Index("ix_territories_place_country", "country", "territory_id"),
        Index("ix_territories_place_named", "named_id"),
        Index("ix_territories_place_away", "away", "contact_id"),
        Index(
            "ix_territories_place_lost",
            "id",
            sqlite_where=text("state = 'lost'"),
            postgresql_where=text("state = 'lost'"),
        ),
    )
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(10), default="lost")
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    metres: Mapped[int] = mapped_column(Integer, default=0)
    exact: Mapped[str] = mapped_column(String(20), default="")
    source: Mapped[str] = mapped_column(String(40), default="")
    cell: Mapped[int] = mapped_column(Integer, default=NOWHERE)
    seen: Mapped[str] = mapped_column(String(32), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    region: Mapped[str] = mapped_column(String(100), default="")
    postal_code: Mapped[str] = mapped_column(String(20), default="")
    at: Mapped[datetime] = mapped_column(Instant, default=now)
    named_id: Mapped[int | None] = mapped_column(ForeignKey("territories_territory.id", ondelete="SET NULL"))
    territory_id: Mapped[int | None] = mapped_column(
        ForeignKey("territories_territory.id", ondelete="SET NULL")
    )
    since: Mapped[datetime | None] = mapped_column(Instant)
    away: Mapped[int | None] = mapped_column(Integer)


class Former(Model):
    """A territory that a record belonged to before: from when until when."""

    __tablename__ = "territories_former"
    __table_args__ = (Index("ix_territories_former_place", "place_id", "until"),)
    place_id: Mapped[int] = mapped_column(ForeignKey("territories_place.id", ondelete="CASCADE"))
    territory_id: Mapped[int | None] = mapped_column(
        ForeignKey("territories_territory.id", ondelete="CASCADE")
    )
    since: Mapped[datetime | None] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant)


class Mark(Model):
    """A record lies within a territory that only marks a place."""

    __tablename__ = "territories_mark"
    __table_args__ = (
        UniqueConstraint("territory_id", "place_id"),
        Index("ix_territories_mark_place", "place_id"),
    )
    place_id: Mapped[int] = mapped_column(ForeignKey("territories_place.id", ondelete="CASCADE"))
    territory_id: Mapped[int] = mapped_column(ForeignKey("territories_territory.id", ondelete="CASCADE"))


class Tile(Model):
    """How many contacts are in a large square of the earth, by whose they are: what the map of a country or more shows.

    `square` is a cell of `grid.COARSE` (-1: nowhere); `north` and `east` are the sums of their coordinates.
    """

    __tablename__ = "territories_tile"
    __table_args__ = (Index("ix_territories_tile_square", "square"),)
    square: Mapped[int] = mapped_column(Integer)
    country: Mapped[str] = mapped_column(String(2), default="")
    territory_id: Mapped[int | None] = mapped_column(
        ForeignKey("territories_territory.id", ondelete="CASCADE")
    )
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    contacts: Mapped[int] = mapped_column(Integer)
    customers: Mapped[int] = mapped_column(Integer, default=0)
    north: Mapped[float] = mapped_column(Float)
    east: Mapped[float] = mapped_column(Float)


class Answer(Model):
    """What a geocoding server said of an address, so that it is asked once."""

    __tablename__ = "territories_answer"
    __table_args__ = (UniqueConstraint("seen"), Index("ix_territories_answer_at", "at"))
    seen: Mapped[str] = mapped_column(String(32))
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    metres: Mapped[int] = mapped_column(Integer, default=0)
    exact: Mapped[str] = mapped_column(String(20), default="")
    at: Mapped[datetime] = mapped_column(Instant, default=now)


class Progress(Model):
    """How far work in the background is: a name, and a number or text that it goes on from."""

    __tablename__ = "territories_progress"
    __table_args__ = (UniqueConstraint("name"),)
    name: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column(Integer, default=0)
    note: Mapped[str] = mapped_column(Text, default="")
