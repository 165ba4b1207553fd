from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.sdk.models import Record


class Thing(Record):
    """A thing of a contact."""

    __tablename__ = "raiser_thing"
    __entity__ = "raiser.thing"
    name: Mapped[str] = mapped_column(String(80), default="")
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
