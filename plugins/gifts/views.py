"""Views of the list of gifts."""

from __future__ import annotations

from app.sdk import View, _l

from .entities import GIFT

ALL = (View(name="by_occasion", label=_l("By occasion"), on=GIFT, group="occasion"),)
