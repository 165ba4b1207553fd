"""Settings, the counters that announce a change to every process, and what each plugin's state is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Instant, Model


class Setting(Model):
    """A value (JSON) of the site or of a user, for the core or a plugin (`owner`). `user_id` 0 is the site."""

    __tablename__ = "setting"
    __table_args__ = (UniqueConstraint("owner", "key", "user_id"),)
    owner: Mapped[str] = mapped_column(String(80), default="core")
    key: Mapped[str] = mapped_column(String(120))
    user_id: Mapped[int] = mapped_column(default=0)
    value: Mapped[str] = mapped_column(Text, default="null")


class Epoch(Model):
    """One row of counters, read with each session: a change takes effect with the next request of every process."""

    __tablename__ = "epoch"
    plugins: Mapped[int] = mapped_column(Integer, default=1)
    schema: Mapped[int] = mapped_column(Integer, default=1)
    settings: Mapped[int] = mapped_column(Integer, default=1)
    permissions: Mapped[int] = mapped_column(Integer, default=1)


class PluginState(Model):
    """What is known of a plugin, present or missing; `tables` is the JSON ledger of its tables."""

    __tablename__ = "plugin_state"
    name: Mapped[str] = mapped_column(String(80), unique=True)
    enabled: Mapped[bool] = mapped_column(default=False)
    installed_version: Mapped[str] = mapped_column(String(40), default="")
    tables: Mapped[str] = mapped_column(Text, default="[]")
    quarantined_until: Mapped[datetime | None] = mapped_column(Instant)
    problem: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime | None] = mapped_column(Instant)
