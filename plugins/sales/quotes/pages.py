"""Pages of quotes for those who sell: the quote, its draft as a form, the page for printing, the PDF."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.core import Locale
from flask import Blueprint, request, url_for
from sqlalchemy import select

from app.sdk import Context, Invalid, NotVisible, _
from app.sdk.services import actions, approvals, records
from app.sdk.web import Response, ctx, done, record_page, render, requires

from ..products import line_form, lines, options
from ..products.line_pages import editor
from . import content, document, issuing, parties, tokens
from . import pdf as pdfs
from .choices import DRAFT, ISSUED, STATUSES
from .content import QUOTE
from .forms import QuoteForm
from .models import Quote

pages = Blueprint("sales_quotes", __name__, url_prefix="/sales/quotes")

ASIDE = (
    "deal_id",
    "company_id",
    "contact_id",
    "issued_on",
    "valid_until",
    "decided_at",
    "decided_by",
    "decided_note",
    "owner_id",
)
ALWAYS = ("deal_id", "company_id", "contact_id", "valid_until", "owner_id")
OWN = ("version", "lines", "do", "add_product", "add_quantity", "csrf_token")


@pages.get("/<int:record_id>")
@requires("sales.quote.view")
def show(record_id: int) -> Response:
    """Show a quote as the customer sees it, with what can be done."""
    asked = ctx()
    quote = records.get(asked, QUOTE, record_id)
    status = next(choice for choice in STATUSES if choice.value == quote.status)
    token = tokens.of(quote) if quote.status == ISSUED and asked.may(f"{QUOTE}.edit") else ""
    made = document.of(asked, quote)
    return record_page(
        "sales/quotes/quote.html",
        QUOTE,
        quote,
        aside=ASIDE,
        always=ALWAYS,
        state=status,
        document=made,
        logo=url_for("sales_quotes.logo") if made.logo else "",
        link=url_for("sales_offer.show", token=token, _external=True) if token else "",
        draft=quote.status == DRAFT,
        may_edit=asked.may(f"{QUOTE}.edit"),
        **_to_issue(asked, quote),
        versions=_versions(asked, quote),
        pdf=pdfs.expected(),
    )


def _to_issue(asked: Context, quote: Quote) -> dict[str, Any]:
    """Return what stands between a draft and its number: what it lacks, who has to approve it, whether he was asked."""
    if quote.status != DRAFT:
        return {"missing": (), "reason": None, "waits": False}
    action = actions.find(asked, "sales.issue")
    reason = issuing.needs_approval(asked, quote)
    return {
        "missing": tuple(issuing.missing(asked, quote).values()),
        "reason": reason,
        "waits": reason is not None and bool(approvals.waiting_ids(asked, action, [quote.id])),
    }


def _versions(asked: Context, quote: Quote) -> list[dict[str, Any]]:
    if quote.serial is None:
        return []
    query = select(Quote.id, Quote.number, Quote.status).where(
        Quote.year == quote.year, Quote.serial == quote.serial, Quote.id != quote.id
    )
    labels = {choice.value: choice for choice in STATUSES}
    return [
        {
            "number": row.number,
            "url": url_for("sales_quotes.show", record_id=row.id),
            "status": labels[row.status],
        }
        for row in asked.session.execute(query.order_by(Quote.revision).limit(50))
    ]


@pages.route("/<int:record_id>/edit", methods=["GET", "POST"])
@requires("sales.quote.edit")
def edit(record_id: int) -> Response:
    """Show a draft as a form, do what the buttons of its lines say, and save it."""
    asked = ctx()
    quote = records.get(asked, QUOTE, record_id, "edit")
    if quote.status != DRAFT:
        return done(
            url_for("sales_quotes.show", record_id=record_id),
            toast=_("An issued quote stays as it is. Make a new version."),
            kind="warn",
        )
    form = _form(asked, quote)
    if request.method == "GET":
        rows = line_form.LineForm([lines.value_of(line) for line in content.of(asked, quote)])
        return _show(asked, quote, form, rows)
    rows = line_form.LineForm.posted(request.form)
    if rows.press(asked, request.form.get("do", ""), request.form, content.buyer_of(asked, quote)):
        return _show(asked, quote, form, rows, status=422 if rows.errors else 200)
    if not form.validate():
        return _show(asked, quote, form, rows, status=422)
    try:
        _save(asked, quote, form, rows)
    except Invalid as error:
        rows.errors |= {k: v for k, v in error.problems.items() if k not in form}
        form.explain(Invalid({k: v for k, v in error.problems.items() if k in form}))
        return _show(asked, quote, form, rows, status=422)
    return done(url_for("sales_quotes.show", record_id=record_id), toast=_("Quote saved"))


def _form(asked: Context, quote: Quote) -> Any:
    form = QuoteForm.of(
        **{
            n: getattr(quote, n)
            for n in ("name", "valid_until", "currency", "language", "country", "intro", "terms")
        },
        discount=lines.text_of(quote.discount),
    )
    form.language.choices = _languages(asked, quote)
    return form


def _languages(asked: Context, quote: Quote) -> list[tuple[str, str]]:
    """Return the languages that quotes can be written in: those of the program, and the quote's own."""
    names = Locale.parse(asked.locale.replace("-", "_")).languages
    codes = dict.fromkeys([quote.language or "en", "en", "de", "fr", "es", "pt"])
    return [(code, str(names.get(code.split("-")[0], code))) for code in codes]


def _save(asked: Context, quote: Quote, form: Any, rows: line_form.LineForm) -> None:
    discount = form.discount.amount or Decimal(0)
    if not 0 <= discount <= 100:
        raise Invalid({"discount": _("A discount is between 0 and 100 percent.")})
    values = {
        name: form[name].data or ""
        for name in ("name", "valid_until", "language", "country", "intro", "terms", "currency")
    }
    version = request.form.get("version", "")
    with asked.unit():
        records.update(
            asked,
            QUOTE,
            quote.id,
            {**values, "discount": discount.quantize(Decimal("0.001")), "lines": rows.values()},
            seen_version=int(version) if version.isdecimal() and len(version) < 10 else None,
        )


def _show(
    asked: Context, quote: Quote, form: Any, rows: line_form.LineForm, *, status: int = 200
) -> Response:
    return render(
        "sales/quotes/edit.html",
        block="form",
        status=status,
        **editor(asked, rows, content.buyer_of(asked, quote)),
        title=_("Edit quote"),
        head=form,
        quote=quote,
        version=request.form.get("version") or quote.version,
        action=url_for("sales_quotes.edit", record_id=quote.id),
        back=url_for("sales_quotes.show", record_id=quote.id),
        limit=options.get(asked, "discount_limit"),
    )


@pages.get("/<int:record_id>/print")
@requires("sales.quote.view")
def print_page(record_id: int) -> Response:
    """Show a quote as it is printed, in the customer's language."""
    asked = ctx()
    made = document.of(asked, records.get(asked, QUOTE, record_id))
    logo = url_for("sales_quotes.logo") if made.logo else ""
    return Response(document.html(made, sheet=document.sheet_url(), logo=logo), mimetype="text/html")


@pages.get("/logo")
@requires("sales.quote.view")
def logo() -> Response:
    """Send our own logo, for the sheet of a quote."""
    return send_logo(ctx())


def send_logo(asked: Context) -> Response:
    """Return our own logo. Raises NotVisible without one."""
    picture = parties.logo(asked)
    if picture is None:
        raise NotVisible(_("There is no such file."))
    return Response(picture[0], mimetype=picture[1])


@pages.get("/<int:record_id>/pdf")
@requires("sales.quote.view")
def pdf(record_id: int) -> Response:
    """Send a quote as PDF, or say what is missing on the server and lead to the page for printing."""
    asked = ctx()
    return send_pdf(
        asked,
        document.of(asked, records.get(asked, QUOTE, record_id)),
        url_for("sales_quotes.print_page", record_id=record_id),
    )


def send_pdf(asked: Context, made: document.Document, print_url: str) -> Response:
    """Return a document as a file, or a page that says what is missing and leads to the page for printing."""
    try:
        data = document.pdf(asked, made)
    except pdfs.Missing as missing:
        return render(
            "sales/quotes/no_pdf.html",
            status=503,
            title=_("No PDF here"),
            message=str(missing),
            print_url=print_url,
        )
    response = Response(data, mimetype="application/pdf")
    name = (made.number or "draft").replace("/", "-")
    response.headers.set("Content-Disposition", "inline", filename=f"{name}.pdf")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
