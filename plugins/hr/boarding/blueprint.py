"""All pages of checklists and retention."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("hr_boarding", __name__, url_prefix="/hr/boarding")
