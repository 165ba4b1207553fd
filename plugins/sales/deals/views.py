"""Views of the list of deals."""

from __future__ import annotations

from app.sdk import View, _l

from .fields import DEAL

DECIDED = ("name", "company_id", "amount_base", "close_on", "reason_id", "owner_id")

ALL = (
    View(
        name="my_deals",
        label=_l("My open deals"),
        on=DEAL,
        filters=("owner_id:is:me", "outcome:is:open"),
        sort="close_on",
        order=10,
        pinned=True,
        roles=("representative",),
    ),
    View(
        name="open_deals",
        label=_l("Open deals"),
        on=DEAL,
        filters=("outcome:is:open",),
        sort="close_on",
        order=15,
    ),
    View(
        name="closing_deals",
        label=_l("Closing this month"),
        on=DEAL,
        where="outcome = open and close_on = this_month",
        sort="close_on",
        order=20,
    ),
    View(
        name="stale_deals",
        label=_l("Stale"),
        on=DEAL,
        where="outcome = open and stale_on <= today",
        sort="active_at",
        order=30,
    ),
    View(
        name="stepless_deals",
        label=_l("Without next step"),
        on=DEAL,
        where="outcome = open and next_step is empty",
        sort="close_on",
        order=40,
    ),
    View(
        name="deals_by_stage",
        label=_l("By stage"),
        on=DEAL,
        filters=("outcome:is:open",),
        group="stage_id",
        order=45,
    ),
    View(
        name="won_deals",
        label=_l("Won"),
        on=DEAL,
        filters=("outcome:is:won",),
        sort="-close_on",
        columns=DECIDED,
        order=50,
    ),
    View(
        name="lost_deals",
        label=_l("Lost"),
        on=DEAL,
        filters=("outcome:is:lost",),
        sort="-close_on",
        columns=DECIDED,
        order=60,
    ),
)
