"""Where the pages of goals are: activity goals, quotas, commission."""

from __future__ import annotations

from flask import Blueprint

goals = Blueprint("sales_goals", __name__, url_prefix="/sales/goals")
