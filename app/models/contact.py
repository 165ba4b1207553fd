"""People, as in vCard 4 (RFC 6350)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import NEVER, SOMEDAY, Instant, Model, Record, key, live, trashed


class Contact(Record):
    """A person. Dates may lack the year (`--04-12`, RFC 6350 4.3.1); `extra` is jCard of what has no field.

    `keep_in_touch_days` is this person's own rule (0: never); `keep_in_touch_on` the day that follows from it, or from
    the rules of tags and stages, kept by services/keep_in_touch_upkeep.
    """

    __tablename__ = "contact"
    __entity__ = "contact"
    __table_args__ = (
        live("contact", "name_key", "id"),
        live("contact", "created_at", "id"),
        live("contact", "updated_at", "id"),
        live("contact", "last_interaction_at", "id"),
        live("contact", "owner_id", "name_key", "id"),
        live("contact", "owner_id", "last_interaction_at", "id"),
        live("contact", "team_id", "name_key", "id"),
        live("contact", "lifecycle_stage", "name_key", "id"),
        live("contact", "keep_in_touch_on", "id"),
        live("contact", "owner_id", "keep_in_touch_on", "id"),
        trashed("contact"),
    )
    honorific_prefix: Mapped[str] = mapped_column(String(60), default="")
    given_name: Mapped[str] = mapped_column(String(200), default="")
    additional_name: Mapped[str] = mapped_column(String(200), default="")
    family_name: Mapped[str] = mapped_column(String(200), default="")
    honorific_suffix: Mapped[str] = mapped_column(String(60), default="")
    formatted_name: Mapped[str] = mapped_column(String(500), default="")
    nickname: Mapped[str] = mapped_column(String(200), default="")
    phonetic_given_name: Mapped[str] = mapped_column(String(200), default="")
    phonetic_family_name: Mapped[str] = mapped_column(String(200), default="")
    name_key: Mapped[str] = mapped_column(key(500), default="")
    birthday: Mapped[str] = mapped_column(String(40), default="")
    anniversary: Mapped[str] = mapped_column(String(40), default="")
    gender: Mapped[str] = mapped_column(String(60), default="")
    pronouns: Mapped[str] = mapped_column(String(60), default="")
    languages: Mapped[str] = mapped_column(String(120), default="")
    time_zone: Mapped[str] = mapped_column(String(64), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    lifecycle_stage: Mapped[str] = mapped_column(String(40), default="subscriber")
    photo_id: Mapped[int | None] = mapped_column(
        ForeignKey("attachment.id", ondelete="SET NULL", use_alter=True)
    )
    extra: Mapped[str] = mapped_column(Text, default="[]")
    last_interaction_at: Mapped[datetime] = mapped_column(Instant, default=NEVER)
    keep_in_touch_days: Mapped[int | None] = mapped_column(Integer)
    keep_in_touch_on: Mapped[str] = mapped_column(key(10), default=SOMEDAY, server_default=SOMEDAY)


class DoNotContact(Model):
    """A channel by which a person must not be reached, with the reason and since when."""

    __tablename__ = "do_not_contact"
    __table_args__ = (UniqueConstraint("contact_id", "channel"),)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500), default="")
    since: Mapped[datetime] = mapped_column(Instant)


class RelationType(Model):
    """How two people can be related: `name` read from one side, `inverse` from the other (equal if symmetric)."""

    __tablename__ = "relation_type"
    name: Mapped[str] = mapped_column(String(80), unique=True)
    inverse: Mapped[str] = mapped_column(String(80))


class Relation(Model):
    """A typed, dated tie between two contacts; read from `contact_id` by the type's name."""

    __tablename__ = "relation"
    __table_args__ = (
        UniqueConstraint("contact_id", "other_id", "type_id"),
        Index("ix_relation_other_id", "other_id"),
    )
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    type_id: Mapped[int] = mapped_column(ForeignKey("relation_type.id", ondelete="CASCADE"))
    started_on: Mapped[str] = mapped_column(String(20), default="")
    ended_on: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[str] = mapped_column(String(500), default="")


class Affiliation(Model):
    """A contact's place in a company, now or before; ending one keeps it."""

    __tablename__ = "affiliation"
    __table_args__ = (
        Index("ix_affiliation_contact", "contact_id", "is_primary"),
        Index("ix_affiliation_company", "company_id", "ended_on"),
    )
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(200), default="")
    department: Mapped[str] = mapped_column(String(200), default="")
    is_primary: Mapped[bool] = mapped_column(default=False)
    started_on: Mapped[str] = mapped_column(String(20), default="")
    ended_on: Mapped[str] = mapped_column(String(20), default="")
