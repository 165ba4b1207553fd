"""The balance of territories: customers, potential and work of each, and a proposal for fairer borders."""

from __future__ import annotations

from app.sdk import _
from app.sdk.web import Response, ctx, number, render, requires

from .. import balancing
from .blueprint import pages


@pages.get("/balance")
@requires("territories.balance")
def balance() -> Response:
    """Show how work is spread over territories."""
    found = balancing.of(ctx())
    return render(
        "territories/balance.html",
        title=_("Balance"),
        balance=found,
        spread=_("%(num)s %% apart", num=number(round(found.spread * 100))),
        after=_("%(num)s %% apart", num=number(round(found.after * 100))),
        widest=max((load.share for load in found.loads), default=1) or 1,
    )
