"""Running actions of any plugin on chosen records: `POST /action/<owner>/<name>`."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for

from app.i18n import _, in_words
from app.kernel.context import Context
from app.kernel.contributions import Action, Offer, Outcome
from app.kernel.errors import Invalid, NotVisible, Refuse
from app.kernel.guard import Surface, must
from app.services import actions as service
from app.services.context import ctx
from app.web.render import done, render
from app.web.routes import signed_in
from app.web.security.redirects import local_path

actions = Blueprint("actions", __name__)

MOST = 500
"""Records that one request may change; more belong into a background operation."""


@actions.route("/action/<owner>/<name>", methods=["GET", "POST"])
@signed_in
def perform(owner: str, name: str) -> Response:
    """Ask for what an action needs (GET, or POST without it), then do it."""
    asked = ctx()
    action = _find(asked, owner, name)
    ids = _ids()
    form = _form(action)
    sent = request.method == "POST" and (form is None or "sent" in request.form)
    if not sent or (form is not None and not form.validate()):
        return _ask(asked, action, form, ids, 422 if sent else 200)
    try:
        outcome, operation = service.perform(asked, action, ids, form.data if form is not None else {})
    except (Invalid, Refuse) as error:
        if form is None:
            return done(_back(asked, action, ids), toast=str(error), kind="bad")
        _explain(form, error)
        return _ask(asked, action, form, ids, 409 if isinstance(error, Refuse) else 422)
    return _answer(asked, action, ids, outcome, operation)


@actions.post("/undo/<owner>/<name>")
@signed_in
def undo(owner: str, name: str) -> Response:
    """Reverse an action where it says how."""
    asked = ctx()
    action = _find(asked, owner, name)
    ids = _ids()
    service.undo(asked, action, ids)
    return done(_back(asked, action, ids), toast=_("Undone"))


def _ask(asked: Context, action: Action, form: Any, ids: list[int], status: int) -> Response:
    """Show what an action asks for, with what was typed and what is wrong with it."""
    return render(
        "actions/form.html",
        status=status,
        title=str(action.label),
        action=action,
        form=form,
        ids=ids,
        back=_back(asked, action, ids),
    )


def _explain(form: Any, error: Invalid | Refuse) -> None:
    """Put the sentences of an error at the fields they are about, the others above the form."""
    for name, sentence in error.problems.items():
        if name in form:
            form[name].errors = [*form[name].errors, sentence]
        else:
            form.form_errors = [*form.form_errors, sentence]


def _form(action: Action) -> Any:
    form = action.form
    if form is None:
        return None
    typed = request.form if request.method == "POST" else None
    return must(
        lambda: form(typed, **in_words()), owner=action.owner, surface=Surface.ACTION, item=action.key
    )


def _find(asked: Context, owner: str, name: str) -> Action:
    found = next((a for a in asked.schema.all(Action) if a.owner == owner and a.name == name), None)
    if found is None:
        raise NotVisible(_("There is no such action."))
    return found


def _ids() -> list[int]:
    texts = request.values.getlist("id")
    if not texts or not all(t.isdigit() for t in texts):
        raise Invalid({"id": _("Choose at least one record.")})
    if len(texts) > MOST:
        raise Invalid({"id": _("Choose at most %(most)s records at once.", most=MOST)})
    return list(dict.fromkeys(int(t) for t in texts))


def _back(asked: Context, action: Action, ids: list[int]) -> str:
    if given := local_path(request.values.get("next")):
        return str(given)
    kind = asked.schema.entity(action.on)
    if len(ids) == 1 and kind.url and records_exist(asked, action.on, ids[0]):
        return url_for(kind.url, record_id=ids[0])
    return url_for("lists.index", entity=action.on)


def records_exist(asked: Context, entity: str, record_id: int) -> bool:
    """Tell whether the record's page can be shown (it may be in the trash by now)."""
    from app.services import records

    return records.exists(asked, entity, record_id)


def _answer(
    asked: Context, action: Action, ids: list[int], outcome: Outcome, operation: int | None
) -> Response:
    """Say what was done, and offer to take it back: by the action's own way, else by the journal."""
    again: dict[str, Any] = {"owner": action.owner, "name": action.name, "id": ids}
    url = outcome.url or _back(asked, action, ids)
    reverse = None
    if outcome.changed and action.undo is not None:
        reverse = url_for("actions.undo", **again, next=url)
    elif operation is not None:
        reverse = url_for("operations.undo", operation_id=operation)
    text = str(outcome.message or action.label)
    if outcome.refused:
        text += " " + " ".join(dict.fromkeys(outcome.refused.values()))
    kind = "warn" if outcome.refused else "info" if outcome.approval else "ok"
    return done(url, toast=text, undo=reverse, kind=kind)


def offered(entity: str, record: Any) -> list[dict[str, Any]]:
    """Return the actions for a record's page menu: label, icon, address, danger."""
    asked = ctx()
    found = []
    for action in asked.schema.actions(entity):
        if (
            Offer.PAGE in action.offer
            and service.allowed(asked, action)
            and service.applies(asked, action, record)
        ):
            address = url_for("actions.perform", owner=action.owner, name=action.name, id=record.id)
            found.append(
                {
                    "label": action.label,
                    "icon": action.icon,
                    "url": address,
                    "danger": action.danger,
                    "asks": action.form is not None or action.confirm is not None,
                }
            )
    return found
