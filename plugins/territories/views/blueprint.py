"""The blueprint that the pages share."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("territories", __name__)
