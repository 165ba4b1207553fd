"""What a plugin declares: frozen, keyword-only dataclasses that every surface of Kith reads.

Names are local to the owner (`"deals"`); the registry qualifies those of plugins (`sales.deals`). The core's own
names stay bare (`contact`). A new optional attribute never breaks an existing plugin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from app.kernel.words import EVERYWHERE, Kind, Offer, Phase, Show

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select
    from wtforms import Form

    from app.kernel.context import Context

__all__ = [
    "EVERYWHERE",
    "Action",
    "Choice",
    "Contribution",
    "Dataset",
    "Entity",
    "Field",
    "Health",
    "HealthCheck",
    "Job",
    "Kind",
    "Link",
    "Offer",
    "On",
    "Outcome",
    "Panel",
    "Permission",
    "Phase",
    "Privacy",
    "PrivacyParticipant",
    "RowRule",
    "SearchProvider",
    "Service",
    "Show",
    "Text",
    "TimelineEntry",
    "TimelineKind",
    "Topic",
    "View",
]

Text = Any
"""A `str` or a lazy translation of one."""


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """The part that all declarations share. `owner` is stamped by the registry."""

    name: str
    label: Text = ""
    owner: str = "core"

    @cached_property
    def key(self) -> str:
        """The qualified name: bare for the core, `owner.name` for a plugin."""
        return self.name if self.owner == "core" or "." in self.name else f"{self.owner}.{self.name}"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One value of a CHOICE field: stored value, label, tone (`data-k` of the stylesheet) or empty.

    A retired one is offered no more; records that have it keep it.
    """

    value: str
    label: Text
    tone: str = ""
    retired: bool = False


@dataclass(frozen=True, kw_only=True)
class Privacy:
    """What erasure does with the records of an Entity: "delete", "anonymise" or "keep" (with a reason)."""

    erase: str = "delete"
    reason: Text = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Entity(Contribution):
    """A kind of record.

    `model` is a mapped class with the base columns; `title` (model) -> the text that names a record; `url` is the
    endpoint of its page, given `record_id`; `subject` names the column that says whose personal data it is. `derive(ctx,
    record)` computes columns that follow from others (a sort key, a display name) before each save; `derive_from` names
    the fields that it looks at (None: any), so that a change of others to many records need not ask it.
    """

    model: type[Any]
    plural: Text
    icon: str = "file-text"
    url: str = ""
    title: str | Callable[[Any], str] = "name"
    subject: str | None = None
    where: Callable[[Any], ColumnElement[bool]] | None = None
    derive: Callable[[Context, Any], None] | None = None
    derive_from: tuple[str, ...] | None = None
    fields: tuple[Field, ...] = ()
    default_columns: tuple[str, ...] = ()
    default_sort: str = "-id"
    api: bool = True
    importable: bool = True
    exportable: bool = True
    trash: bool = True
    privacy: Privacy = field(default_factory=Privacy)


@dataclass(frozen=True, kw_only=True)
class Field(Contribution):
    """A value of a record. As a column of the entity's model it needs nothing else; otherwise `load` (ctx, ids) ->
    {id: value} reads a whole page at once, `sql` (model) -> a scalar expression makes it filterable, `sort` an
    index-backed expression makes it sortable at any size, `save` (ctx, {id: value}) makes it editable. `parse` (ctx,
    text) -> value raises ValueError with a sentence. A field of several values is filterable by `rows` (model) -> a
    select of (id of the record, value). `currency` (ISO 4217) of money: the column of the record that holds it, or
    (ctx) -> the code; without, the house's.
    """

    on: str
    kind: Kind = Kind.TEXT
    column: str | None = None
    load: Callable[[Context, Sequence[int]], Mapping[int, Any]] | None = None
    sql: Callable[[Any], ColumnElement[Any]] | None = None
    sort: Callable[[Any], ColumnElement[Any]] | None = None
    rows: Callable[[Any], Select[Any]] | None = None
    save: Callable[[Context, Mapping[int, Any]], None] | None = None
    parse: Callable[[Context, str], Any] | None = None
    form: Callable[..., Any] | None = None
    choices: tuple[Choice, ...] | Callable[[Context], Sequence[Choice]] = ()
    ref: str | None = None
    many: bool = False
    show: Show = EVERYWHERE
    search: int = 0
    aggregates: tuple[str, ...] = ()
    currency: str | Callable[[Context], str] = ""
    template: str | None = None
    permission: str | None = None
    required: bool = False
    hint: Text = ""
    order: int = 50
    personal: bool = True

    @cached_property
    def key(self) -> str:
        """The name among the fields of `on`: bare on an entity of the same owner, else qualified."""
        own = self.owner == "core" or "." in self.name or self.on.startswith(f"{self.owner}.")
        return self.name if own else f"{self.owner}.{self.name}"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an Action did: a sentence for the toast, where to go, the topics that occurred, what was refused.

    `approval` is the id of the request that was made in place of running it, because somebody has to approve it first.
    """

    message: Text = ""
    url: str | None = None
    changed: int = 0
    refused: Mapping[int, str] = field(default_factory=dict)
    approval: int | None = None


@dataclass(frozen=True, kw_only=True)
class Action(Contribution):
    """Something that can be done to records: `run(ctx, records, data) -> Outcome`.

    `when(ctx, record) -> bool` offers it only where it makes sense; `undo(ctx, ids)` reverses it where the
    journal alone cannot; `confirm` is the question asked before a dangerous one.

    `approval(ctx, records, data)` returns why somebody else has to approve it first, or None. With a reason nothing is
    run: the request waits at most `approval_days` for somebody with the permission `approver` (a manager of the team
    of who asks, if it is None), and is then run as that of who asked; `ctx.approved` says meanwhile who approved it.
    """

    on: str
    run: Callable[[Context, Sequence[Any], Mapping[str, Any]], Outcome]
    form: type[Form] | None = None
    permission: str | None = None
    confirm: Text | None = None
    danger: bool = False
    undo: Callable[..., Any] | None = None
    offer: Offer = Offer.PAGE
    when: Callable[[Context, Any], bool] | None = None
    background: bool = False
    approval: Callable[[Context, Sequence[Any], Mapping[str, Any]], Text | None] | None = None
    approver: str | None = None
    approval_days: int = 7
    icon: str = "check"
    order: int = 50


@dataclass(frozen=True, kw_only=True)
class Panel(Contribution):
    """A fragment in a slot: `view(ctx, record|None)` returns markup, or None when there is nothing to show.

    Slots: `<entity>.main|side|tab|header`, `<entity>.list.top`, `dashboard`, `account`, `admin`. `refresh_on` names
    topics after which an open page fetches the panel anew; `badge(ctx, record)` counts beside a tab's label.
    """

    slot: str
    view: Callable[[Context, Any], Any]
    order: int = 50
    lazy: bool = True
    badge: Callable[[Context, Any], int | None] | None = None
    when: Callable[[Context, Any], bool] | None = None
    refresh_on: tuple[str, ...] = ()
    span: int = 1
    permission: str | None = None


@dataclass(frozen=True, kw_only=True)
class Link(Contribution):
    """A way to a page, in a place: `nav`, `nav.admin`, `create`, `account`, `<entity>.page`, `<entity>.list`."""

    place: str
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    order: int = 50
    icon: str = "file-text"
    section: Text | None = None
    badge: Callable[[Context], int | None] | None = None
    permission: str | None = None


@dataclass(frozen=True, kw_only=True)
class View(Contribution):
    """A list set up ready for use: what it is narrowed to (as in its address, `owner:is:me`), its order and columns.

    `where` narrows it further (filter language), `sort` is as in the address ("-created_at,name"); no columns: the
    reader's own. `pinned` puts it in sight above the list; `roles` names the built-in roles whose list opens with it.
    """

    on: str
    filters: tuple[str, ...] = ()
    where: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()
    group: str = ""
    pinned: bool = False
    roles: tuple[str, ...] = ()
    permission: str | None = None
    order: int = 50


@dataclass(frozen=True, kw_only=True)
class TimelineEntry:
    """One line of a timeline kept outside the core: `at` is an aware UTC instant; `key` orders equal instants."""

    at: Any
    key: str
    kind: str
    title: Text
    body: Any = ""
    url: str | None = None
    actor: Text = ""
    facts: tuple[Text, ...] = ()
    lite: bool = False


@dataclass(frozen=True, kw_only=True)
class TimelineKind(Contribution):
    """How one sort of timeline entry looks: `verb` says what the actor did ("called"), `tone` is the stylesheet's `data-k`.

    With `loggable` people may write it by hand. `source(ctx, contact_ids, before, limit)` returns TimelineEntry objects
    kept elsewhere, newest first, at most `limit`, all with `at <= before`; several kinds may share one (asked once).
    `sources`: entity → such a source of its own ids: `sources["company"]` of companies, `source` of who works there.
    """

    icon: str
    tone: str = "sys"
    verb: Text = ""
    template: str | None = None
    loggable: bool = False
    directed: bool = False
    timed: bool = False
    outcomes: tuple[Choice, ...] = ()
    source: Callable[[Context, Sequence[int], Any, int], Sequence[TimelineEntry]] | None = None
    sources: Mapping[str, Callable[..., Sequence[TimelineEntry]]] = field(default_factory=dict, hash=False)
    order: int = 50
    permission: str | None = None


@dataclass(frozen=True, kw_only=True)
class Permission(Contribution):
    """A right of its own besides `<entity>.<verb>`; `roles` names the built-in roles that have it from the start."""

    roles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RowRule(Contribution):
    """Which rows exist for somebody: each callable is (ctx, model, verb) -> boolean expression.

    Visible = (reach OR share OR any grant) AND every restrict. A grant that raises counts as false; a restrict that
    raises counts as false and raises an alarm. A `stable` rule answers by who asks, their rights and the settings alone
    (and asks no rule that is not): its expressions are kept until one of these changes, and it costs pages nothing.
    """

    on: str
    stable: bool = False
    grant: Callable[[Context, Any, str], ColumnElement[bool]] | None = None
    restrict: Callable[[Context, Any, str], ColumnElement[bool]] | None = None


@dataclass(frozen=True, kw_only=True)
class Topic(Contribution):
    """An event that may occur. `<entity>.created|updated|deleted|restored|merged|purged` exist for every Entity."""

    payload: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class On(Contribution):
    """A subscription: `run(ctx, events)` gets a batch; the topic may end in `.*`; handlers must be idempotent.

    With `fields` it hears of changes of these fields alone: other edits cost nothing. One of BEFORE that never looks at
    `event.record` says `record=False`: work on many records is faster without them."""

    topic: str
    run: Callable[[Context, Sequence[Any]], None]
    phase: Phase = Phase.AFTER
    critical: bool = False
    record: bool = True
    fields: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Job(Contribution):
    """Work for later: `run(ctx, args)` with JSON arguments. `schedule`: "daily 06:00", "every 15m", cron or None."""

    run: Callable[[Context, Mapping[str, Any]], None]
    schedule: str | None = None
    timeout: int = 60
    retries: int = 10
    unique: bool = True


@dataclass(frozen=True, kw_only=True)
class Service(Contribution):
    """An implementation of a protocol the core owns (Mailer, Geocoder …), chosen by name in the settings."""

    protocol: type[Any]
    factory: Callable[[Any], Any]
    settings: type[Form] | None = None


@dataclass(frozen=True, kw_only=True)
class Dataset(Contribution):
    """A source for reports: `select(ctx)` with Fields over its columns. Every Entity is one already."""

    select: Callable[[Context], Select[Any]]
    fields: tuple[Field, ...] = ()
    permission: str | None = None


@dataclass(frozen=True, kw_only=True)
class SearchProvider(Contribution):
    """Hits that are no Entity: `find(ctx, words, limit)` returns `app.sdk.services.Hit` objects, each with its `url`."""

    find: Callable[[Context, Sequence[str], int], Sequence[Any]]


@dataclass(frozen=True, kw_only=True)
class PrivacyParticipant(Contribution):
    """Personal data outside Entities: `export(ctx, contact_id)` and `erase(ctx, contact_id)`."""

    export: Callable[[Context, int], Any]
    erase: Callable[[Context, int], None]


@dataclass(frozen=True, kw_only=True)
class Health:
    """The answer of a HealthCheck: state "ok", "warn" or "fail", and a sentence."""

    state: str = "ok"
    message: Text = ""


@dataclass(frozen=True, kw_only=True)
class HealthCheck(Contribution):
    """A question about the house's condition: `run(ctx) -> Health`."""

    run: Callable[[Context], Health]
    interval: str = "5m"
