"""Checks on what a plugin does by itself: events, jobs, demo data, health, search, services, commands, rules, settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from click.testing import CliRunner
from sqlalchemy import ColumnElement, select

from app.kernel.contributions import (
    Dataset,
    Entity,
    Health,
    HealthCheck,
    Job,
    On,
    PrivacyParticipant,
    RowRule,
    SearchProvider,
    Service,
)
from app.kernel.errors import Refuse
from app.kernel.events import Event, matches
from app.kernel.guard import Surface
from app.kernel.words import Phase
from app.services import guarded, records
from app.services.context import acting, session
from app.testing.contract.acting import run_job
from app.testing.contract.case import Case, changed
from app.testing.contract.samples import MARK, Samples
from app.testing.told import Told

VERBS = ("view", "edit", "delete")


def events_twice_are_harmless(case: Case) -> Iterator[str]:
    """A subscriber after the change that is told the same events twice leaves the same behind: delivery is at least once."""
    subscriptions = [on for on in case.declared(On) if on.phase is not Phase.BEFORE]
    if not subscriptions:
        return
    told = _happened(case)
    for on in subscriptions:
        events = [event for event in told if matches(on.topic, event.topic)]
        if not events:
            continue
        try:
            with case.strict():
                _tell(case, on, events)
                once = case.rows()
                _tell(case, on, events)
        except Refuse:
            continue
        except Exception as error:
            yield f"The subscriber to {on.topic} fails: {type(error).__name__}: {error}"
            continue
        for table, key in changed(once, case.rows()):
            yield f"The subscriber to {on.topic} changes the row {key} of {table} again when it is told again."


def _happened(case: Case) -> list[Event]:
    """Let records of every kind be made, changed and trashed, and return what was told, the plugin's own topics too."""
    told = Told()
    ctx = case.make.ctx()
    with acting(ctx), case.strict(False):
        for entity in ("contact", "company", *(e.key for e in case.declared(Entity))):
            made = Samples(case).one(entity)
            records.trash(ctx, entity, [made.id])
            records.restore(ctx, entity, [made.id])
    session().rollback()
    return list(told())


def _tell(case: Case, on: On, events: list[Event]) -> None:
    ctx = case.make.ctx(source="job")
    with acting(ctx), ctx.unit():
        case.call(on.run, ctx, events, surface=Surface.AFTER, within=ctx.session)
    session().rollback()


def jobs_run_twice(case: Case) -> Iterator[str]:
    """A job on a schedule runs in a house full of records, and again at once, without a fault."""
    Samples(case).all("contact")
    for job in case.declared(Job):
        if job.schedule is None:
            continue
        for time in ("the first", "the second"):
            try:
                with case.strict():
                    run_job(case, job)
            except Exception as error:
                yield f"The job {job.key} fails the {time.split()[1]} time: {type(error).__name__}: {error}"
                break


def demo_data_come_twice(case: Case) -> Iterator[str]:
    """Its demo data are made in a house that has them already, without an error."""
    for time in ("first", "second"):
        ctx = case.make.ctx()
        try:
            with case.strict(), acting(ctx), ctx.unit():
                assert case.loaded.plugin is not None
                case.call(case.loaded.plugin.kith_demo, ctx, surface=Surface.DEMO, within=ctx.session)
        except Exception as error:
            yield f"The demo data fail the {time} time: {type(error).__name__}: {error}"
            return


def health_is_answered(case: Case) -> Iterator[str]:
    """A health check answers with a state and, unless all is well, a sentence."""
    for check in case.declared(HealthCheck):
        answer: Any = _called(case, check.run)
        if not isinstance(answer, Health):
            yield f"The health check {check.key} answers {answer!r}, not Health(state=…, message=…)."
        elif answer.state not in {"ok", "warn", "fail"} or (answer.state != "ok" and not str(answer.message)):
            yield f"The health check {check.key} answers {answer.state!r} without a sentence."


def search_answers(case: Case) -> Iterator[str]:
    """A source of the search answers any words with hits that lead somewhere, no more than it was asked for."""
    Samples(case).all("contact")
    for provider in case.declared(SearchProvider):
        for words in (["a"], ["ana", "lima"], [MARK], ["%", "_"]):
            with case.app.test_request_context("/"):
                found: Any = _called(case, provider.find, words, 2)
            if isinstance(found, BaseException):
                yield f"The search {provider.key} fails for {words}: {found}"
                break
            if len(found) > 2:
                yield f"The search {provider.key} gives {len(found)} hits when two were asked for."
            for hit in found:
                if not getattr(hit, "url", ""):
                    yield f"The search {provider.key} gives a hit without an address."


def services_keep_their_protocol(case: Case) -> Iterator[str]:
    """What a service's factory makes has the methods of its protocol."""
    for service in case.declared(Service):
        made: Any = _called(case, _made, service)
        if isinstance(made, BaseException):
            yield f"The service {service.key} cannot be made: {made}"
        elif not isinstance(made, service.protocol):
            yield f"The service {service.key} is no {service.protocol.__name__}: a method is missing."


def _made(ctx: Any, service: Service) -> Any:
    return service.factory(ctx.settings)


def commands_explain_themselves(case: Case) -> Iterator[str]:
    """Every command says what it does, and shows its help."""
    for command in case.loaded.commands:
        if not (command.help or "").strip():
            yield f"The command “{command.name}” does not say what it does: give its function a docstring."
        answer = CliRunner().invoke(command, ["--help"])
        if answer.exit_code:
            yield f"The command “{command.name} --help” ends with {answer.exit_code}: {answer.output}"


def rules_are_expressions(case: Case) -> Iterator[str]:
    """A row rule answers every verb with an expression over the model, and a list under it is one statement."""
    for rule in case.declared(RowRule):
        if not any(entity.key == rule.on for entity in case.registry.entities()):
            continue
        user = case.make.user("representative")
        ctx = case.make.ctx(user)
        model = ctx.schema.entity(rule.on).model
        for call in (rule.grant, rule.restrict):
            for verb in VERBS if call is not None else ():
                assert call is not None
                found: Any = _called(case, call, model, verb, by=ctx)
                if not isinstance(found, ColumnElement):
                    yield f"The rule {rule.key} on {rule.on} answers {found!r} for {verb}, no expression."
                    continue
                with case.strict(False), acting(ctx):
                    asked: Any = select(model.id).where(guarded.row_rule(rule, call, ctx, model, verb))
                    try:
                        ctx.session.execute(asked.limit(1)).all()
                    except Exception as error:
                        session().rollback()
                        yield f"The rule {rule.key} on {rule.on} is no condition of the database: {error}"


def privacy_is_answered(case: Case) -> Iterator[str]:
    """Participants in privacy export and erase for somebody of whom they know nothing, and for somebody they know."""
    for one in case.declared(PrivacyParticipant):
        for contact in Samples(case).all("contact"):
            for call in (one.export, one.erase, one.erase):
                found: Any = _called(case, call, contact.id, write=True)
                if isinstance(found, BaseException):
                    yield f"The participant {one.key} fails: {found}"


def datasets_select(case: Case) -> Iterator[str]:
    """A source for reports is a select that the database takes."""
    for dataset in case.declared(Dataset):
        ctx = case.make.ctx()
        try:
            with case.strict(), acting(ctx):
                found = case.call(dataset.select, ctx, surface=Surface.REPORT)
                ctx.session.execute(found.limit(1)).all()
        except Exception as error:
            session().rollback()
            yield f"The dataset {dataset.key} cannot be read: {error}"


def settings_have_defaults(case: Case) -> Iterator[str]:
    """Its settings work as they come: every field has a label and a default that the form itself takes."""
    for name in ("settings", "user_settings"):
        form = getattr(case.loaded.plugin, name)
        if form is None:
            continue
        try:
            filled = form()
            defaults = {field.name: field.data for field in filled}
            again = form(data=defaults)
            valid = again.validate()
        except Exception as error:
            yield f"The form of {name} cannot be made: {type(error).__name__}: {error}"
            continue
        if not valid:
            yield (
                f"The defaults of {name} are refused by the form itself: {again.errors}. "
                "InputRequired looks at what was sent; leave it out."
            )
        for field in filled:
            if not str(field.label.text).strip():
                yield f"The setting {field.name} has no label."


def nothing_told_is_undeclared(case: Case) -> Iterator[str]:
    """Topics that its code emits are declared, so that others can subscribe to them."""
    import ast

    from app.kernel.contributions import Topic
    from app.testing.contract.source import _modules

    known = {topic.key for topic in case.declared(Topic)}
    for path, tree in _modules(case):
        for node in ast.walk(tree):
            named = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "emit"
            )
            first = node.args[0] if named and node.args else None  # type: ignore[attr-defined]
            if isinstance(first, ast.Constant) and first.value not in known:
                yield f"{path.name}:{first.lineno} emits “{first.value!s}”, which kith_events does not declare as Topic."


def _called(case: Case, call: Any, *args: Any, write: bool = False, by: Any = None) -> Any:
    """Call with a context in front; returns what it raised in place of raising it."""
    ctx = by or case.make.ctx()
    try:
        with case.strict(), acting(ctx):
            if not write:
                return case.call(call, ctx, *args, surface=Surface.HEALTH)
            with ctx.unit():
                return case.call(call, ctx, *args, surface=Surface.PRIVACY, within=ctx.session)
    except Exception as error:
        session().rollback()
        return error
