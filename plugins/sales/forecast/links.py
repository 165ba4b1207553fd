"""The ways to the pages of forecasts and reports."""

from __future__ import annotations

from flask import url_for

from app.sdk import Context, Link, Permission, _l

from .people import DEALS

LINKS = (
    Link(
        name="sales_forecast",
        label=_l("Forecast"),
        place="nav",
        endpoint="sales_forecast.index",
        icon="target",
        section=_l("Sales"),
        order=45,
        permission=DEALS,
    ),
    Link(
        name="sales_reports",
        label=_l("Sales reports"),
        place="nav",
        endpoint="sales_reports.index",
        icon="chart-column",
        section=_l("Sales"),
        order=46,
        permission=DEALS,
    ),
)

PERMISSIONS = (
    Permission(
        name="sales.forecast.override",
        label=_l("Say a manager's forecast beside a person's"),
        roles=("manager",),
    ),
    Permission(
        name="sales.forecast.snapshot", label=_l("Take a snapshot of the forecast"), roles=("manager",)
    ),
)


def deal_url(ctx: Context, deal_id: int) -> str:
    """Return the address of a deal's page."""
    endpoint = ctx.schema.entity("sales.deal").url
    return url_for(endpoint, record_id=deal_id) if endpoint else ""
