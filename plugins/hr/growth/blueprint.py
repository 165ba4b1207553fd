"""All pages of goals, reviews and talks."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("hr_growth", __name__, url_prefix="/hr/growth")
