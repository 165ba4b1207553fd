"""All pages of absences: their parts add themselves to one blueprint."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("hr_leave", __name__, url_prefix="/hr/leave")
