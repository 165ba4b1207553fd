"""Where the pages of forecasts are."""

from __future__ import annotations

from flask import Blueprint

forecast = Blueprint("sales_forecast", __name__, url_prefix="/sales/forecast")
