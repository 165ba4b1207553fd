"""Roles, what they grant, and single records shared with somebody."""

from __future__ import annotations

from sqlalchemy import Boolean, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Model


class Role(Model):
    """A set of rights with a name; roles add up. `builtin` ones cannot be deleted."""

    __tablename__ = "role"
    name: Mapped[str] = mapped_column(String(60), unique=True)
    label: Mapped[str] = mapped_column(String(120))
    builtin: Mapped[bool] = mapped_column(Boolean, default=False)
    needs_totp: Mapped[bool] = mapped_column(Boolean, default=False)


class RoleGrant(Model):
    """One right of a role: `permission` (`contact.view`) with a reach of own, team or all."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("role_id", "permission"),)
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id", ondelete="CASCADE"))
    permission: Mapped[str] = mapped_column(String(120))
    reach: Mapped[str] = mapped_column(String(8), default="all")


class FieldRule(Model):
    """A field that a role does not see ("hidden") or may not write ("readonly"); "entity.field"."""

    __tablename__ = "field_rule"
    __table_args__ = (UniqueConstraint("role_id", "field"),)
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id", ondelete="CASCADE"))
    field: Mapped[str] = mapped_column(String(160))
    mode: Mapped[str] = mapped_column(String(10))


class UserRole(Model):
    """A role of a user."""

    __tablename__ = "user_role"
    __table_args__ = (UniqueConstraint("user_id", "role_id"),)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id", ondelete="CASCADE"), index=True)


class Share(Model):
    """One record opened to a user or a team: level "read" or "write"."""

    __tablename__ = "share"
    __table_args__ = (
        Index("ix_share_user", "user_id", "entity", "record_id"),
        Index("ix_share_team", "team_id", "entity", "record_id"),
        Index("ix_share_record", "entity", "record_id"),
    )
    entity: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    level: Mapped[str] = mapped_column(String(8), default="read")
