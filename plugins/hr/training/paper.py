"""A training record on paper, drawn by WeasyPrint (BSD) from a page of its own; it fetches nothing."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template

from app.sdk import Context, _
from app.sdk.services import audit
from app.sdk.web import render

from ..people.choices import EMPLOYEE

STYLE = "@page { size: A4; margin: 18mm } body { font: 10pt sans-serif } h1 { font-size: 16pt } h2 { font-size: 12pt } table { width: 100%; border-collapse: collapse } th, td { text-align: start; padding: 1.5mm; border-bottom: .2mm solid #999 }"


def answer(ctx: Context, values: dict[str, Any], employee: Any) -> Response:
    """Return the record as PDF, noted in the audit log; where the library is missing, a page that says so."""
    try:
        from weasyprint import CSS, HTML
    except (ImportError, OSError):
        return render("hr/training/no_pdf.html", status=503, title=values["title"])
    audit.note(ctx, "hr.training.pdf", f"{EMPLOYEE}:{employee.id}")
    html = render_template("hr/training/paper.html", **values, day=values["today"], lang=ctx.locale)
    made = HTML(string=html, url_fetcher=_nothing).write_pdf(stylesheets=[CSS(string=STYLE)])
    found = Response(made, content_type="application/pdf")
    found.headers["Content-Disposition"] = f'inline; filename="training-{employee.id}.pdf"'
    return found


def _nothing(url: str, *args: Any, **more: Any) -> Any:
    """Refuse to fetch anything (TRUST S10)."""
    raise ValueError(_("A training record fetches nothing."))
