"""The whole form of a person, and suggestions of people and companies while a name is typed."""

from __future__ import annotations

from flask import Blueprint, Response, request
from sqlalchemy import select

from app.formats.fold import name_key
from app.i18n import _
from app.kernel.context import Context
from app.models import Contact
from app.services import records
from app.services.context import ctx
from app.web import edit_page
from app.web.forms import contact as forms
from app.web.forms.record import grouped
from app.web.render import fragment
from app.web.routes import requires

contact_edit = Blueprint("contact_edit", __name__)

PLACE = edit_page.Place("contact", "contacts.show", "contact_edit.edit")


@contact_edit.route("/contacts/<int:record_id>/edit", methods=["GET", "POST"])
@requires("contact.edit")
def edit(record_id: int) -> Response:
    """Show all fields of a person, and save them."""
    asked = ctx()
    contact = records.get(asked, "contact", record_id, "edit")
    form = forms.whole(asked, contact, request.form if request.method == "POST" else None)
    groups = grouped(asked, "contact", [c.field for c in form], forms.groups)
    page = edit_page.Page(
        place=PLACE,
        record=contact,
        form=form,
        name=contact.formatted_name or _("No name"),
        groups=[(title, form.only(names)) for title, names in groups],
    )
    return edit_page.answer(asked, page)


@contact_edit.get("/contacts/suggest")
@requires("contact.view")
def suggest() -> Response:
    """Answer people whose family or full name begins with what is typed, as options of a datalist."""
    asked = ctx()
    name = request.args.get("name", "")
    text = request.args.get(name, "") or request.args.get("q", "")
    return fragment("contacts/_suggest.html", options=_starting(asked, text))


def _starting(asked: Context, text: str) -> list[str]:
    key = name_key("", "", text)
    if len(key) < 2:
        return []
    words = key.split()
    found: dict[str, None] = {}
    for start in dict.fromkeys((key, words[-1] + "\t" + " ".join(words[:-1]) if len(words) > 1 else key)):
        query = select(Contact.formatted_name).where(
            Contact.name_key >= start, Contact.name_key < start + "\U0010ffff"
        )
        rows = asked.session.execute(query.order_by(Contact.name_key, Contact.id).limit(8)).scalars()
        found |= dict.fromkeys(rows)
    return list(found)[:8]
