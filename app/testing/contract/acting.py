"""Checks on what a plugin does: its actions through every way, undone, refused, and never past the journal."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from app.kernel.contributions import Action, Entity, Offer
from app.kernel.guard import Surface
from app.models import JournalEntry
from app.services import actions, bulk
from app.services.bulk_choice import Chosen
from app.services.context import acting, session
from app.testing.contract.case import Case, changed, differing
from app.testing.contract.samples import SHAPES, Samples

PLACES = {Offer.PAGE: "web", Offer.ROW: "web", Offer.WORKFLOW: "workflow", Offer.API: "api"}


def actions_run_from_everywhere(case: Case) -> Iterator[str]:
    """Every action runs from each place where it is offered: page, row, many at once, workflow and API."""
    for action in _present(case):
        for place in Offer:
            if place not in action.offer:
                continue
            try:
                with case.strict():
                    problem = _many(case, action) if place is Offer.BULK else _one(case, action, place)
            except Exception as error:
                problem = f"{type(error).__name__}: {error}"
            if problem:
                yield f"The action {action.key} by {str(place.name).lower()}: {problem}{_hint(case, action)}"


def actions_are_undone(case: Case) -> Iterator[str]:
    """An action that says how it is undone leaves everything as it was."""
    for action in _present(case):
        if action.undo is None:
            continue
        ctx = case.make.ctx()
        with acting(ctx):
            record = _suited(case, ctx, action)
            if record is None:
                continue
            number = record.id
            before = case.rows()
            try:
                with case.strict():
                    actions.run(ctx, action, [number], _data(case, action))
                    session().expire_all()
                    actions.undo(ctx, action, [number])
            except Exception as error:
                yield f"The action {action.key} and its undo fail: {type(error).__name__}: {error}"
                continue
        after, lasting = case.rows(), set(case.lasting.get(action.key, ()))
        for table, key in changed(before, after):
            names = {f"{table}.{name}" for name in differing(before, after, table, key)} - lasting
            if names:
                told = ", ".join(sorted(names))
                yield f"After the undo of {action.key} the row {key} of {table} is not as it was: {told}."


def actions_stay_closed(case: Case) -> Iterator[str]:
    """Who may only read changes nothing by an action, and who may nothing is refused."""
    for action in _present(case):
        for role, name in (("read_only", "who may only read"), (None, "somebody without any right")):
            record = _suited(case, case.make.ctx(), action)
            if record is None:
                continue
            number, person, before = record.id, case.person(role), case.rows()
            with case.strict():
                try:
                    answer = person.post(
                        f"/action/{action.owner}/{action.name}", _typed(case, action, number)
                    )
                except Exception as error:
                    yield f"The action {action.key} fails for {name}: {error}"
                    continue
            if answer.status_code < 400 and role is None:
                yield f"The action {action.key} answers {answer.status_code} to {name}."
            if changed(before, case.rows()):
                yield f"The action {action.key} changes records for {name}; let it need a right to change."


def writes_pass_the_journal(case: Case) -> Iterator[str]:
    """What an action or a job changes in records stands in the journal: write through records.create and update."""
    from app.kernel.contributions import Job

    for action in _present(case):
        ctx = case.make.ctx()
        record = _suited(case, ctx, action)
        if record is not None:
            number = record.id

            act = functools.partial(_act, case, ctx, action, number)
            yield from _journalled(case, f"The action {action.key}", act)
    for job in case.declared(Job):
        if job.schedule is not None:
            Samples(case).all("contact")
            yield from _journalled(case, f"The job {job.key}", functools.partial(run_job, case, job))


def run_job(case: Case, job: Any) -> None:
    """Run a job once, as its schedule would."""
    ctx = case.make.ctx(source="job")
    with acting(ctx):
        case.call(job.run, ctx, {}, surface=Surface.JOB, within=ctx.session)
        session().rollback()


# ---------------------------------------------------------------- inside


def _journalled(case: Case, what: str, act: Callable[[], None]) -> Iterator[str]:
    before, last = case.rows(), _last()
    try:
        with case.strict():
            act()
    except Exception:
        return  # another check says so
    after = case.rows()
    query = select(JournalEntry.entity, JournalEntry.record_id).where(JournalEntry.id > last)
    written = {(entity, number) for entity, number in session().execute(query)}
    entities = {entity.model.__table__.name: entity.key for entity in case.registry.loaded(Entity)}
    for table, key in changed(before, after):
        if table in entities and (entities[table], key[0]) not in written:
            yield f"{what} changed the {entities[table]} {key[0]} past the journal: use records.create and records.update."


def _act(case: Case, ctx: Any, action: Action, number: int) -> None:
    with acting(ctx):
        actions.run(ctx, action, [number], _data(case, action))


def _last() -> int:
    return session().execute(select(func.max(JournalEntry.id))).scalar() or 0


def _present(case: Case) -> list[Action]:
    known = {entity.key for entity in case.registry.entities()}
    return [action for action in case.declared(Action) if action.on in known]


def _suited(case: Case, ctx: Any, action: Action) -> Any:
    """Return a new record to which the action applies, of whichever shape and perhaps one's own, or None."""
    with acting(ctx):
        for shape in ("full", *SHAPES):
            record = Samples(case).one(action.on, shape)
            if actions.applies(ctx, action, record) or actions.applies(ctx, action, _own(case, ctx, record)):
                return record
    return None


def _own(case: Case, ctx: Any, record: Any) -> Any:
    """Give a record to who acts: some actions are for what is one's own."""
    if ctx.user.id is not None:
        house = case.make.ctx()
        with acting(house), house.unit():
            found: Any = house.session.get(type(record), record.id)
            found.owner_id = ctx.user.id
    return record


def _one(case: Case, action: Action, place: Offer) -> str:
    ctx = case.make.ctx(source=PLACES[place])
    record = _suited(case, ctx, action)
    if record is None:
        return "it applies to none of the samples; give the contract `builders` that make a record it applies to."
    if PLACES[place] != "web":
        with acting(ctx):
            actions.run(ctx, action, [record.id], _data(case, action))
        return ""
    number, person = record.id, case.person()
    path = f"/action/{action.owner}/{action.name}"
    asked = person.get(f"{path}?id={number}")
    if asked.status_code >= 400:
        return f"asking answers {asked.status_code}"
    done = person.post(path, _typed(case, action, number))
    return "" if done.status_code < 400 else f"doing it answers {done.status_code}{_why(done)}"


def _many(case: Case, action: Action) -> str:
    person = case.make.user("administrator")
    ctx = case.make.ctx(person)
    found = [_suited(case, ctx, action) for _ in range(3)]
    ids = tuple(sorted(record.id for record in found if record is not None))
    if not ids:
        return "it applies to none of the samples."
    ctx = case.make.ctx(person)
    with acting(ctx):
        run = bulk.draft(ctx, action.on, Chosen(ids=ids))
        typed = [
            [name, value] for name, value in _typed(case, action, 0).items() if name not in ("id", "sent")
        ]
        bulk.choose(ctx, run.id, "action", {"action": action.key, "form": typed})
        done = bulk.start(ctx, run.id)
        return (
            ""
            if done.state in ("done", "running") and not done.refused
            else f"ends {done.state}, refused {done.refused}"
        )


def _typed(case: Case, action: Action, number: int) -> dict[str, Any]:
    return {"id": number, "sent": "1", **_filled(case, action)}


def _data(case: Case, action: Action) -> Mapping[str, Any]:
    if action.form is None:
        return {}
    form = action.form(MultiDict(_filled(case, action)))
    if not form.validate():
        raise ValueError(f"the form refuses {form.errors}; give the contract `answers` for {action.key}")
    found: Mapping[str, Any] = form.data
    return found


def _filled(case: Case, action: Action) -> dict[str, Any]:
    """Return what a person might type into an action's form: the contract's own answers, else something plausible."""
    if action.form is None:
        return {}
    given = case.answers.get(action.key, case.answers.get(action.name, {}))
    return {field.name: given.get(field.name, _plausible(field)) for field in action.form()}


def _hint(case: Case, action: Action) -> str:
    """Return how its form was filled in, which may be why an action failed."""
    try:
        filled = _filled(case, action)
    except Exception:
        return ""
    return f" Its form was filled with {filled}: give the contract better `answers`." if filled else ""


def _plausible(field: Any) -> str:
    if hasattr(field, "iter_choices"):
        values = [str(getattr(choice, "value", choice[0])) for choice in _choices(field)]
        return next((value for value in values if value), "")
    return {
        "DateField": date(2026, 3, 1).isoformat(),
        "BooleanField": "y",
        "EmailField": "ana@example.org",
    }.get(
        type(field).__name__,
        "1" if "Integer" in type(field).__name__ or "Decimal" in type(field).__name__ else "Text",
    )


def _choices(field: Any) -> list[Any]:
    if field.has_groups():
        found = [choice for _group, choices in field.iter_groups() for choice in choices]
    else:
        found = list(field.iter_choices())
    return [c if hasattr(c, "value") else tuple(c) for c in found]


def _why(answer: Any) -> str:
    from app.testing.contract.shown import _short

    return f": {_short(answer.get_data(as_text=True))}"
