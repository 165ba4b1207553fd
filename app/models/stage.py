"""The stages that people go through, from stranger to customer, as an administrator wants them."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Model


class LifecycleStage(Model):
    """A stage of contacts as an administrator wants it: one of the core's changed, or one more.

    Without a label a stage of the core keeps its own in every language. A retired one is offered no more.
    """

    __tablename__ = "lifecycle_stage"
    name: Mapped[str] = mapped_column(String(40), unique=True)
    label: Mapped[str] = mapped_column(String(120), default="")
    tone: Mapped[str] = mapped_column(String(12), default="sys")
    position: Mapped[int] = mapped_column(default=0)
    retired: Mapped[bool] = mapped_column(default=False)
