"""The page that strangers see: a form, its answer, and the same form sent from another site.

It goes by no cookie. What comes from another site without our stamp is shown once more, to be sent from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, redirect, request, url_for

from app.sdk import Invalid, NotAllowed, _
from app.sdk.services import as_house, throttle
from app.sdk.web import allow_frames, exempt, public, render

from . import form_fields, stamps, submissions
from .models import LeadForm

pages = Blueprint("sales_public_forms", __name__)

BYTES, PARTS = 64 * 1024, 60
"""The size of a submission, and of how many values it may consist."""

TRIES = throttle.Limit("lead_form", 12, timedelta(minutes=15))
STAMP, PROOF, TRAP, CONSENT = "stamp", "proof", "homepage", "consent"
REASON = "strangers fill it in; what they send is checked, limited and kept apart until it is a lead"


@pages.get("/form/<token>")
@public(REASON)
def show(token: str) -> Response:
    """Show a form; `?utm_source=…` and the like are kept with what is sent."""
    with as_house("a public form") as house:
        form = submissions.by_token(house, token)
        told = {name: request.args.get(name, "")[:1000] for name in submissions.TOLD}
        told["landing_page"] = told["landing_page"] or _referrer()
        return _page(house, form, {}, told)


@pages.post("/form/<token>")
@public(REASON)
@exempt("it goes by no cookie: the stamp of the page, the origin and limits stand in for the token")
def send(token: str) -> Response:
    """Take what a stranger has written."""
    request.max_content_length, request.max_form_parts = BYTES, PARTS
    with as_house("a public form", source="form") as house:
        form = submissions.by_token(house, token)
        _check_origin(form)
        throttle.take(house, TRIES, f"{form.id}:{throttle.network(request.remote_addr or '')}")
        values, told = _read(form)
        stamp = stamps.read(token, request.form.get(STAMP, ""), house.now)
        if stamp is None:
            return _page(house, form, values, told, again=True)
        try:
            values = form_fields.checked(form, values)
            if form.consent_needed and not request.form.get(CONSENT):
                raise Invalid({CONSENT: _("Please agree, otherwise we may not answer.")})
        except Invalid as error:
            return _page(house, form, values, told, problems=error.problems)
        sent = submissions.Sent(
            values=values,
            told=told,
            nonce=stamp.nonce,
            consent=bool(request.form.get(CONSENT)),
            doubt=_doubt(form, stamp, house.now),
        )
        submissions.receive(house, form, sent)
    return redirect(url_for("sales_public_forms.thanks", token=token), 303)  # type: ignore[return-value]


@pages.get("/form/<token>/thanks")
@public(REASON)
def thanks(token: str) -> Response:
    """Thank, in the same words whatever became of it."""
    with as_house("a public form") as house:
        form = submissions.by_token(house, token)
        allow_frames(form.origins)
        text = form.thanks or _("Thank you. We have got your message and will answer soon.")
        return render("sales/leads/form_thanks.html", title=_("Thank you"), text=text, again=form.token)


def _page(
    house: Any,
    form: LeadForm,
    values: Mapping[str, str],
    told: Mapping[str, str],
    *,
    problems: Mapping[str, Any] | None = None,
    again: bool = False,
) -> Response:
    allow_frames(form.origins)
    title = form.title or form.name
    page = render(
        "sales/leads/form_public.html",
        status=422 if problems else 200,
        title=_("Error: %(title)s", title=title) if problems else title,
        heading=title,
        form=form,
        fields=form.fields,
        values=values,
        told=told,
        problems=problems or {},
        again=again,
        agreed=request.form.get(CONSENT) if request.method == "POST" else "",
        stamp=stamps.fresh(form.token, house.now),
        bits=stamps.BITS,
    )
    page.headers["Cache-Control"] = "no-store"  # each reader needs a stamp of his own
    return page


def _read(form: LeadForm) -> tuple[dict[str, str], dict[str, str]]:
    """Return the values of the form's own fields, and what its page told; anything else is refused (S29, S7)."""
    names = [f["name"] for f in form.fields]
    known = {*names, *submissions.TOLD, STAMP, PROOF, TRAP, CONSENT}
    if set(request.form) - known:
        abort(422)
    values = {name: _plain(request.form.get(name, "")) for name in names}
    told = {name: _plain(request.form.get(name, "")) for name in submissions.TOLD}
    told["landing_page"] = told["landing_page"] or _referrer()
    return values, told


def _plain(text: str) -> str:
    return text.replace("\x00", "").strip()[:10_000]


def _referrer() -> str:
    """Return the page that led here, if it is another site's."""
    referrer = request.headers.get("Referer", "")[:1000]
    return "" if urlsplit(referrer).netloc in ("", request.host) else referrer


def _check_origin(form: LeadForm) -> None:
    """Refuse what is sent from a site that may not show this form."""
    origin = request.headers.get("Origin")
    if origin in (None, "null") or urlsplit(str(origin)).netloc == request.host:
        return
    if origin not in form.origins:
        raise NotAllowed(_("This form may not be sent from that site."), "")


def _doubt(form: LeadForm, stamp: stamps.Stamp, now: Any) -> str:
    """Return why somebody should look at it before it becomes a lead, "" when there is no reason."""
    if request.form.get(TRAP):
        return _("The field that people do not see was filled in.")
    if stamp.is_early(now):
        return _("It was sent within three seconds.")
    if form.proof and not stamps.is_proof(request.form.get(STAMP, ""), request.form.get(PROOF, "")):
        return _("The browser did not do the work that was asked for.")
    return ""
