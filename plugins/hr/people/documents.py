"""Documents of employees: put there by HR, read by the person and HR; each look is in the audit log."""

from __future__ import annotations

from flask import request, url_for

from app.sdk import Invalid, _
from app.sdk.services import attachments, audit, records
from app.sdk.web import Response, ctx, done, render, requires

from .. import forms
from .blueprint import pages
from .choices import DOCUMENT, DOCUMENTS, EMPLOYEE, MANAGE

NAMES = ("name", "kind", "valid_until", "note")


@pages.route("/people/<int:record_id>/document", methods=["GET", "POST"])
@requires(MANAGE)
def new_document(record_id: int) -> Response:
    """Put a document into somebody's file."""
    asked, back = ctx(), url_for("hr_people.show", record_id=record_id)
    employee = records.get(asked, EMPLOYEE, record_id)
    form = forms.of(asked, DOCUMENT, NAMES, {}, request.form if request.method == "POST" else None)
    problem = ""
    if request.method == "POST" and form.validate():
        file = request.files.get("file")
        try:
            if file is None or not file.filename:
                raise Invalid({"file": _("Choose a file.")})
            upload = attachments.Upload(name=file.filename, data=file.read())
            ready = attachments.prepare(asked, [upload])
            with asked.unit():
                made = records.create(asked, DOCUMENT, {**form.filled(), "employee_id": record_id})
                attachments.add(asked, DOCUMENT, made.id, ready)
            return done(back, toast=_("Document kept"))
        except Invalid as error:
            problem = error.problems.get("file") or error.problems.get("files", "")
            form.blame({k: v for k, v in error.problems.items() if k not in {"file", "files"}})
    return render(
        "hr/people/document_new.html",
        status=422 if form.failed or problem else 200,
        title=_("New document"),
        form=form,
        employee=employee,
        problem=problem,
        back=back,
    )


@pages.get("/documents/<int:record_id>")
@requires(f"{DOCUMENT}.view")
def document(record_id: int) -> Response:
    """Show a document of somebody's file with its files."""
    asked = ctx()
    found = records.get(asked, DOCUMENT, record_id)
    audit.note(asked, "hr.document.read", f"{DOCUMENT}:{record_id}", employee=found.employee_id)
    files = attachments.of_records(asked, DOCUMENT, [record_id]).get(record_id, [])
    return render(
        "hr/people/document.html",
        title=found.name,
        document=found,
        kind=next((c.label for c in DOCUMENTS if c.value == found.kind), ""),
        files=files,
        back=url_for("hr_people.show", record_id=found.employee_id) if found.employee_id else "/",
    )
