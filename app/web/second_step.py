"""Setting up an authenticator app: the seed, which nobody must choose for somebody else, and its QR code."""

from __future__ import annotations

from typing import Any

from flask import request

from app.formats import qr
from app.i18n import _
from app.kernel.context import Context
from app.services import sealing, second_factor
from app.web.forms.account import Enrol

PURPOSE = "enrol"


def seed_of(form: Enrol, user_id: int) -> str:
    """Return the seed of an enrolment: the sealed one that the form brings back, else a fresh one, sealed into it.

    So nothing is stored before the first code was right, and the browser cannot choose the seed.
    """
    bound = f"user:{user_id}"
    if request.method == "POST":
        try:
            return sealing.unseal(PURPOSE, bytes.fromhex(form.sealed.data or ""), bound=bound).decode()
        except (ValueError, sealing.Unsealable):
            form.sealed.data = ""
    seed = second_factor.new_seed()
    form.sealed.data = sealing.seal(PURPOSE, seed.encode(), bound=bound).hex()
    return seed


def shown(ctx: Context, seed: str, email: str) -> dict[str, Any]:
    """Return what the page shows: QR code, and the seed in groups of four for typing."""
    address = second_factor.address(seed, email, str(ctx.settings.get("company") or "Kith"))
    groups = " ".join(seed[i : i + 4] for i in range(0, len(seed), 4))
    return {
        "qr": qr.svg(address, _("QR code for your authenticator app")),
        "seed": groups,
        "otp_url": address,
    }
