"""All pages of plans: their parts add themselves to one blueprint, so that the navigation knows where one is."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("projects_plan", __name__, url_prefix="/projects")
