"""All pages of hours: their parts add themselves to one blueprint, so that the navigation knows where one is."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("projects_hours", __name__, url_prefix="/projects")
