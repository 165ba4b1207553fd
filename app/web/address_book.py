"""One's contacts on one's phone: how each program is set up, app passwords made, shown once, revoked."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import quote, urlsplit

from flask import Blueprint, Response, request, url_for

from app.formats import qr
from app.house import house
from app.i18n import _
from app.kernel.errors import Invalid
from app.models import User
from app.services import api_tokens, credentials, dav_passwords, dav_receipts
from app.services.api_scopes import WRITE
from app.services.context import ctx
from app.web.dav.signing import ROOT
from app.web.forms.address_book import AppPasswordForm
from app.web.forms.base import page
from app.web.render import done, render
from app.web.routes import requires
from app.web.tokens import shown

address_book = Blueprint("address_book", __name__)


@address_book.get("/account/address-book")
@requires("contact.view")
def own() -> Response:
    """Show how programs are set up, and one's own app passwords."""
    rows = [shown(ctx(), token) for token in dav_passwords.mine(ctx())]
    refused = [{"reason": r.reason, "at": r.at} for r in dav_receipts.mine(ctx())]
    return render(
        "account/address_book.html",
        title=_("Contacts on your phone"),
        rows=rows,
        refused=refused,
        **_setup(),
    )


@address_book.route("/account/address-book/new", methods=["GET", "POST"])
@requires("contact.view")
def new() -> Response:
    """Make an app password, and show it this once."""
    form, back = cast(AppPasswordForm, AppPasswordForm.of()), url_for("address_book.own")
    if form.accepted():
        try:
            credentials.prove(ctx(), form.current_password.data or "")
            write = form.access.data == WRITE
            made, text = dav_passwords.made(ctx(), form.name.data or "", write=write)
        except Invalid as error:
            form.explain(error)
        else:
            answer = render(
                "account/address_book_made.html",
                title=_("Your new app password"),
                name=made.name,
                password=text,
                back=back,
                **_setup(),
            )
            answer.headers["Cache-Control"] = "no-store"
            return answer
    return page("account/address_book_new.html", _("New app password"), form, back=back)


@address_book.post("/account/address-book/<int:token_id>/revoke")
@requires("contact.view")
def revoke(token_id: int) -> Response:
    """End one of one's own app passwords."""
    api_tokens.revoke(ctx(), token_id)
    return done(url_for("address_book.own"), toast=_("The app password is revoked."))


def _setup() -> dict[str, Any]:
    """Return what is typed into programs: the address, the server's name, the user name, and a link for DAVx5."""
    base = urlsplit(house().config.base_url or request.host_url)
    address = f"{base.scheme}://{base.netloc}{ROOT}/"
    email = ctx().session.get_one(User, ctx().user.id).email
    link = f"davx5://{quote(email, safe='')}@{base.netloc}{ROOT}/"
    return {
        "address": address,
        "server": base.netloc,
        "email": email,
        "secure": base.scheme == "https",
        "link": link,
        "code": qr.svg(link, _("Sets up DAVx5 on an Android phone")),
    }
