"""Interactions and plugin entries as the templates of timelines show them; names are read for a whole page at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from flask import render_template, url_for
from markupsafe import Markup, escape

from app.formats import markdown
from app.i18n import _, _n
from app.kernel.context import Context
from app.kernel.contributions import TimelineEntry, TimelineKind
from app.kernel.guard import Failure, Surface, run
from app.services import access, attachments, interactions, people
from app.services.people import Named
from app.web import dates

LONG = 700
"""Characters after which a text is cut in a timeline."""

NAMED = 3
"""People who are named in the first line; the rest is counted."""

PLACE = 1_999_999_999
"""Stands for the id where the address of a kind of page is taken apart."""


@lru_cache(maxsize=1024)
def _html(text: str) -> Markup:
    """Return a short text's HTML, kept for the next look at the same page."""
    return markdown.to_html(text)


class Entries:
    """Turns the items of a page into what templates show; what is the same for all entries is asked once.

    An item is an Interaction or a row with its fields, or a plugin's TimelineEntry.
    `here` is the record whose page it is (`page_of` itself, where it has been read); `further` users are named with the others (see `user`);
    without `files` nobody looks for what is attached.
    """

    def __init__(
        self,
        asked: Context,
        items: Sequence[Any],
        here: tuple[str, int] = ("", 0),
        further: Iterable[int | None] = (),
        *,
        page_of: Any = None,
        files: bool = True,
    ) -> None:
        self._ctx, self._here, self._dates = asked, here, dates.Reader()
        own = [item for item in items if not isinstance(item, TimelineEntry)]
        ids = [item.id for item in own]
        self._links = interactions.links(asked, ids)
        wanted = {link[:2] for links in self._links.values() for link in links}
        wanted |= {("user", i) for i in (*(item.created_by for item in own), *further) if i}
        known = {here: people.named(asked, here[0], page_of)} if page_of is not None else {}
        self._names = known | people.names(asked, wanted - known.keys())
        self._files = attachments.of_records(asked, "interaction", ids) if files else {}
        texts = ("subject", "body", "outcome", "duration_s", "location")
        self._hidden = {name for name in texts if not access.sees(asked, "interaction", name)}
        self._address: dict[str, tuple[str, str]] = {}
        self._words = {"You": _("You"), "you": _("you"), "somebody": _("Somebody")}
        self._pattern = _("%(who)s %(did)s %(whom)s")
        self._did: dict[tuple[str, bool], str] = {}
        self._linked: dict[Named | str, str] = {}
        self._said_before: dict[tuple[Any, ...], dict[str, Any]] = {}

    def entry(self, item: Any, *, whole: bool = False) -> dict[str, Any]:
        """Return one entry; its text is cut unless the `whole` is wanted."""
        kind = self._ctx.schema.kind(item.kind)
        made = isinstance(item, TimelineEntry)
        shown = self._contributed(kind, item) if made else self._interaction(kind, item, whole)
        if kind.template is not None:
            shown["block"] = self._own(kind, item)
        return shown

    def _href(self, endpoint: str, record_id: int) -> str:
        """Return the address of a record's page; one is built for each kind of record, the others by its pattern."""
        if endpoint not in self._address:
            before, _id, after = url_for(endpoint, record_id=PLACE).partition(str(PLACE))
            self._address[endpoint] = before, after
        before, after = self._address[endpoint]
        return f"{before}{record_id}{after}"

    def user(self, user_id: int | None) -> str:
        """Return a colleague's name; empty for nobody."""
        found = self._names.get(("user", user_id or 0))
        return found.name if found else ""

    def _own(self, kind: TimelineKind, item: Any) -> Markup:
        """Return the body of an entry by the template of its kind, or a card with the name of the plugin that failed."""
        made = run(
            lambda: render_template(str(kind.template), entry=item),
            owner=kind.owner,
            surface=Surface.TIMELINE,
            item=kind.key,
            session=self._ctx.session,
        )
        if isinstance(made, Failure):
            return Markup(  # noqa: S704 - rendered by our own template
                render_template(
                    "panels/_broken.html", label=kind.label, owner=made.label, incident=made.incident
                )
            )
        return Markup(made)  # noqa: S704 - rendered with autoescape

    def _interaction(self, kind: TimelineKind, item: Any, whole: bool) -> dict[str, Any]:
        body, long = self._body(item, whole)
        contacts, users = self._people(item)
        return {
            **self._sentence(kind, item, contacts),
            "id": f"i{item.id}",
            "key": item.id,
            "kind": kind.tone,
            "icon": _icon(kind.icon, item),
            "iso": item.occurred_at.isoformat(),
            "at": self._dates.clock(item.occurred_at),
            "day": self._dates.day(item.occurred_at),
            "subject": "" if "subject" in self._hidden else item.subject,
            "html": body,
            "long": long,
            "facts": self._facts(kind, item, users),
            "about": self._about(item),
            "files": self._files.get(item.id, ()),
            "url": self._href("interactions.show", item.id),
            "pinned": item.pinned_at is not None,
            "note": kind.key == "note",
            "lite": False,
        }

    def _body(self, item: Any, whole: bool) -> tuple[Markup, bool]:
        if not item.body or "body" in self._hidden:
            return Markup(""), False
        if whole:
            return markdown.to_html(item.body), False
        if len(item.body) <= LONG:
            return _html(item.body), False
        cut = item.body[:LONG].rsplit(maxsplit=1)[0]
        return _html(f"{cut} …"), True

    def _people(self, item: Any) -> tuple[list[Named], list[Named]]:
        """Return the contacts and the colleagues who took part, as far as they may be seen."""
        links = [link[:2] for link in self._links[item.id] if link[2] == "participant"]
        known = [self._names[link] for link in links if link in self._names]
        return [n for n in known if n.entity == "contact"], [n for n in known if n.entity == "user"]

    def _sentence(self, kind: TimelineKind, item: Any, contacts: list[Named]) -> dict[str, Any]:
        """Return who did what to whom: the author to the contacts, or the other way round for what came in."""
        author = self._names.get(("user", item.created_by or 0))
        mine = author is not None and author.id == self._ctx.user.id
        if item.direction == "inbound" and contacts:
            whom: list[Named | str] = [self._words["you"] if mine else author] if author else []
            return self._said(kind, contacts[0], whom)
        others = contacts
        if not (kind.directed or kind.timed):
            others = [n for n in contacts if (n.entity, n.id) != self._here]
        who = self._words["You"] if mine else author or self._words["somebody"]
        return self._said(kind, who, others[:NAMED], len(others) - NAMED)

    def _said(
        self, kind: TimelineKind, who: Named | str, whom: Sequence[Named | str], rest: int = 0
    ) -> dict[str, Any]:
        """Return the first line as HTML (`said`) and as plain text (`text`); most entries of a record say the same."""
        same = kind.key, who, *whom, rest
        if same not in self._said_before:
            self._said_before[same] = self._first_line(kind, who, whom, rest)
        return self._said_before[same]

    def _first_line(
        self, kind: TimelineKind, who: Named | str, whom: Sequence[Named | str], rest: int
    ) -> dict[str, Any]:
        key = kind.key, bool(whom)
        if key not in self._did:
            self._did[key] = _did(kind, bool(whom))
        did = self._did[key]
        further = " " + _n("and %(num)s other", "and %(num)s others", rest) if rest > 0 else ""
        parts = {
            "who": f"<b>{self._link(who)}</b>",
            "did": f'<span class="m2">{escape(did)}</span>',
            "whom": ", ".join(map(self._link, whom)) + str(escape(further)),
        }
        names = ", ".join(_name(n) for n in whom) + further
        return {
            "said": Markup(self._pattern % parts),  # noqa: S704 - every part is escaped
            "text": self._pattern % {"who": _name(who), "did": did, "whom": names},
        }

    def _link(self, named: Named | str) -> str:
        if named not in self._linked:
            name = escape(_name(named))
            href = self._href(named.url, named.id) if isinstance(named, Named) and named.url else ""
            self._linked[named] = f'<a class="plain" href="{href}">{name}</a>' if href else str(name)
        return self._linked[named]

    def _facts(self, kind: TimelineKind, item: Any, users: list[Named]) -> list[tuple[str, str]]:
        facts: list[tuple[str, str]] = []
        if item.duration_s and "duration_s" not in self._hidden:
            facts.append(("clock", _("%(n)s min", n=max(1, round(item.duration_s / 60)))))
        if item.outcome and "outcome" not in self._hidden:
            labels = {o.value: str(o.label) for o in kind.outcomes}
            facts.append(("circle-check", labels.get(item.outcome, item.outcome)))
        if item.location and "location" not in self._hidden:
            facts.append(("map-pin", item.location))
        mates = [n.name for n in users if n.id != item.created_by]
        if mates:
            facts.append(("users", _("with %(names)s", names=", ".join(mates))))
        if item.visibility == "private":
            facts.append(("lock", _("Only you and who took part")))
        return facts

    def _about(self, item: Any) -> list[Markup]:
        links = [link[:2] for link in self._links[item.id] if link[2] == "about" and link[:2] != self._here]
        return [Markup(self._link(self._names[n])) for n in links if n in self._names]  # noqa: S704 - escaped there

    def _contributed(self, kind: TimelineKind, item: TimelineEntry) -> dict[str, Any]:
        actor = str(item.actor)
        who, did = (actor, str(kind.verb)) if actor else (str(kind.label), "")
        parts = {"who": f"<b>{escape(who)}</b>", "did": f'<span class="m2">{escape(did)}</span>', "whom": ""}
        return {
            "said": Markup(self._pattern % parts),  # noqa: S704 - every part is escaped
            "text": self._pattern % {"who": who, "did": did, "whom": ""},
            "id": f"p-{item.kind.replace('.', '-')}-{item.key}",
            "key": 0,
            "kind": kind.tone,
            "icon": kind.icon,
            "iso": item.at.isoformat(),
            "at": self._dates.clock(item.at),
            "day": self._dates.day(item.at),
            "subject": str(item.title),
            "html": markdown.to_html(str(item.body)) if item.body else Markup(""),
            "long": False,
            "facts": [("info", str(f)) for f in item.facts],
            "about": [],
            "files": [],
            "url": item.url,
            "pinned": False,
            "note": False,
            "lite": item.lite,
        }


def _name(named: Named | str) -> str:
    return named if isinstance(named, str) else named.name


def _did(kind: TimelineKind, to_somebody: bool) -> str:
    between = kind.directed or kind.timed
    if kind.verb and to_somebody:
        return str(kind.verb) if between else _("%(did)s on", did=str(kind.verb))
    if kind.verb and not between:
        return str(kind.verb)
    return _("logged: %(kind)s", kind=str(kind.label))


def _icon(icon: str, item: Any) -> str:
    if item.kind != "call":
        return icon
    if item.outcome == "no_answer":
        return "phone-missed"
    return {"outbound": "phone-outgoing", "inbound": "phone-incoming"}.get(item.direction, icon)
