"""All pages of training."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("hr_training", __name__, url_prefix="/hr/training")
