"""The customer's page: one quote behind a link nobody can guess, to be accepted or declined with a name. No script needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Blueprint, request, url_for

from app.sdk import Context, Invalid, NotVisible, _, speaking
from app.sdk.services import as_house, throttle
from app.sdk.web import Response, done, public, render

from . import deciding, document, tokens
from .choices import ACCEPTED, DECLINED, ISSUED
from .forms import AnswerForm
from .models import Quote
from .pages import send_logo, send_pdf

pages = Blueprint("sales_offer", __name__, url_prefix="/sales/offer")

WHY = "the customer's page of a quote, behind a link of 32 random bytes"
ANSWERED = throttle.Limit("quote-answer", 20, timedelta(minutes=15))
WRONG = throttle.Limit("quote-wrong", 20, timedelta(minutes=15))


@contextmanager
def _quote(token: str) -> Iterator[tuple[Context, Quote]]:
    """Yield the house's context and the quote of a link. Raises NotVisible, and TooMany for who guesses."""
    with as_house(WHY) as house:
        quote = tokens.find(house, token)
        if quote is None:
            throttle.take(house, WRONG, throttle.network(request.remote_addr or ""))
            raise NotVisible(_("This link is no longer good. Ask for a new one."))
        yield house, quote


@pages.get("/<token>")
@public(WHY)
def show(token: str) -> Response:
    """Show the quote of a link, with the form while it is open."""
    with _quote(token) as (house, quote):
        return _page(house, quote, token, AnswerForm())


@pages.post("/<token>")
@public(WHY)
def answer(token: str) -> Response:
    """Accept or decline the quote of a link."""
    form = AnswerForm.of()
    with _quote(token) as (house, quote):
        throttle.take(house, ANSWERED, throttle.network(request.remote_addr or ""))
        with speaking(document.language_of(house, quote)):
            good = form.accepted()
        said = form.answer.data
        if not good or said not in ("accept", "decline"):
            return _page(house, quote, token, form, status=422)
        given = deciding.Answer(
            accepted=said == "accept",
            name=str(form.name.data),
            note=str(form.note.data or ""),
            address=request.remote_addr or "-",
        )
        try:
            deciding.decide(house, quote.id, given)
        except Invalid as error:
            form.explain(error)
            return _page(house, quote, token, form, status=422)
    return _private(done(url_for("sales_offer.show", token=token)))


@pages.get("/<token>/pdf")
@public(WHY)
def pdf(token: str) -> Response:
    """Send the quote of a link as PDF."""
    with _quote(token) as (house, quote):
        made = document.of(house, quote)
        return _private(send_pdf(house, made, url_for("sales_offer.print_page", token=token)))


@pages.get("/<token>/print")
@public(WHY)
def print_page(token: str) -> Response:
    """Show the quote of a link as it is printed."""
    with _quote(token) as (house, quote):
        made = document.of(house, quote)
        text = document.html(made, sheet=document.sheet_url(), logo=_logo(made, token))
        return _private(Response(text, mimetype="text/html"))


@pages.get("/<token>/logo")
@public(WHY)
def logo(token: str) -> Response:
    """Send the logo that stands on the quote of a link."""
    with _quote(token) as (house, _shown):
        return _private(send_logo(house))


def _page(house: Context, quote: Quote, token: str, form: AnswerForm, *, status: int = 200) -> Response:
    made = document.of(house, quote)
    is_open = quote.status == ISSUED and not deciding.is_over(house, quote)
    with speaking(made.language):
        response = render(
            "sales/quotes/offer.html",
            status=status,
            title=f"{made.number} {made.title}",
            document=made,
            logo=_logo(made, token),
            form=form,
            token=token,
            is_open=is_open,
            accepted=quote.status == ACCEPTED,
            declined=quote.status == DECLINED,
            decided_by=quote.decided_by,
            decided_on=document.day_of(house, quote.decided_at, made.language),
        )
    return _private(response)


def _logo(made: document.Document, token: str) -> str:
    return url_for("sales_offer.logo", token=token) if made.logo else ""


def _private(response: Response) -> Response:
    """Keep the page out of search engines and caches, and its address out of what other sites are told."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response
