"""The rows of an import made ready by a second process, while this one writes those before them.

Reading, understanding and comparing is a third of the work and needs nothing but the file and the declarations. On Linux,
with a processor to spare, a fork of this process does it: it shares the memory of the house and is there at once. It has
no files, connections or sockets of the house, writes nothing but rows into a pipe, and sends a row on unprepared whenever
that would take the database or there is something to say about it. Whatever befalls it, this process goes on by itself
from the last row it got, and the outcome is the same.
"""

from __future__ import annotations

import copyreg
import fcntl
import gc
import io
import logging
import os
import pickle
import select
import signal
import struct
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from functools import partial
from itertools import islice
from operator import attrgetter
from typing import Any, NoReturn

from sqlalchemy import Engine, event

from app.formats import fold, remembered
from app.formats.card import Card
from app.formats.csv_rows import Row as Cells
from app.formats.source import Mark, Source
from app.kernel.context import Context
from app.services import search_index
from app.services.import_fields import Reader
from app.services.import_options import Options
from app.services.import_reading import Item, Since, items
from app.services.import_rows import Row, prepare
from app.services.search_words import texts

Found = Row | Item
"""A row that is ready, or a find that is still to be prepared."""

Begin = Callable[[Since | None], Iterator[Item]]
"""Reads the finds of a file, from a place on if one is given."""

FROM_BYTES = 256 * 1024
"""What must be left of a file for a second process to be worth its start."""

AT_ONCE = 40
"""Rows that go through the pipe together."""

PIPE = 1 << 20
"""Bytes that wait in the pipe at most: the other process is so much ahead."""

PATIENCE_S = 15.0
"""A process that has sent nothing for so long is taken to hang."""

LENGTH = struct.Struct("!I")
END = LENGTH.pack(0)


@contextmanager
def rows(
    ctx: Context, data: Source, name: str, options: Options, since: Since | None, done: int
) -> Iterator[Iterator[Found]]:
    """Give what a file holds behind its first `done` finds: made ready ahead where that is possible and pays off."""

    def begin(at: Since | None) -> Iterator[Item]:
        return items(data, name, options, at)

    rest = data.size - (since.mark.at if since is not None else 0)
    helper = _Helper.started(ctx, options, begin, since, done) if _pays_off(options, rest) else None
    try:
        yield _rows(helper, begin, since, done)
    finally:
        if helper is not None:
            helper.end()


def _pays_off(options: Options, rest: int) -> bool:
    """Tell whether there is a processor to spare and enough to do; ids of other systems are looked up for each batch."""
    return sys.platform == "linux" and rest >= FROM_BYTES and not options.system and _processors() > 1


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _rows(helper: _Helper | None, begin: Begin, since: Since | None, done: int) -> Iterator[Found]:
    if helper is not None:
        for one in helper.rows():
            item = one.item if isinstance(one, Row) else one
            since, done = item.since or since, item.number
            yield one
        if helper.whole:
            return
    yield from (item for item in begin(since) if item.number > done)


@dataclass
class _Helper:
    """The other process, seen from this one; `whole` tells that it has come to the end of the file."""

    pid: int
    pipe: int
    log: logging.Logger
    whole: bool = False

    @classmethod
    def started(
        cls, ctx: Context, options: Options, begin: Begin, since: Since | None, done: int
    ) -> _Helper | None:
        """Fork; None where the system does not let us."""
        mine, theirs = os.pipe()
        try:
            with suppress(OSError):
                fcntl.fcntl(theirs, fcntl.F_SETPIPE_SZ, PIPE)
            with warnings.catch_warnings():
                warnings.simplefilter(
                    "ignore", DeprecationWarning
                )  # of other threads: see `rows` and `PATIENCE_S`
                pid = os.fork()
        except OSError as error:
            ctx.log.info("an import makes its rows ready by itself: %s", error)
            os.close(mine)
            os.close(theirs)
            return None
        if pid == 0:
            _work(ctx, options, lambda: (i for i in begin(since) if i.number > done), theirs)
        os.close(theirs)
        return cls(pid, mine, ctx.log)

    def rows(self) -> Iterator[Found]:
        """Yield what the process sends, and learn what it has worked out, until it has no more to say."""
        while frame := self._frame():
            found, said = pickle.loads(frame)  # noqa: S301 - this program wrote it, into a pipe of its own
            remembered.learn(said)
            yield from found

    def _frame(self) -> bytes:
        """Return the next rows as they were sent; b"" at the end, and when the process does not answer any more."""
        head = self._read(LENGTH.size)
        if head == END:
            self.whole = True
        if len(head) < LENGTH.size or self.whole:
            return b""
        length: int = LENGTH.unpack(head)[0]
        body = self._read(length)
        return body if len(body) == length else b""

    def _read(self, count: int) -> bytes:
        parts: list[bytes] = []
        while count:
            ready, _writable, _wrong = select.select([self.pipe], [], [], PATIENCE_S)
            part = os.read(self.pipe, count) if ready else b""
            if not part:
                break
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def end(self) -> None:
        """Let the process end, whatever it is doing."""
        os.close(self.pipe)
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


# ---------------------------------------------------------------- in the other process


class _Away(Exception):
    """Raised where the other process would ask the database."""


def _work(ctx: Context, options: Options, begin: Callable[[], Iterator[Item]], pipe: int) -> NoReturn:
    """Send rows until the file is over or nobody reads them; never returns."""
    try:
        pipe = _alone(pipe)
        asked = _without_database()
        said = remembered.telling()
        found = begin()
        while some := list(islice(found, AT_ONCE)):
            ready = list(_ready(ctx, options, some, asked))
            _send(pipe, _packed((ready, said)))
            said.clear()
            if sum(isinstance(one, Item) for one in ready) > len(ready) // 2:
                os._exit(0)  # rows such as these are prepared by who writes them
        _send(pipe, b"")
    finally:
        os._exit(0)


def _alone(pipe: int) -> int:
    """Let go of all that belongs to the house: its files, connections and sockets, its signals, its log."""
    logging.disable(logging.CRITICAL)
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(one, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    os.dup2(pipe, 3)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    for held in map(int, os.listdir("/proc/self/fd")):
        if held > 3:
            with suppress(OSError):  # the list's own
                os.close(held)
    gc.freeze()  # what is shared is not looked through, so that it stays shared
    return 3


def _without_database() -> list[bool]:
    """Refuse every statement from now on; the list gets an entry for each that was asked for."""
    asked: list[bool] = []

    def refuse(*_statement: Any) -> None:
        asked.append(True)
        raise _Away

    event.listen(Engine, "before_cursor_execute", refuse)
    return asked


def _ready(ctx: Context, options: Options, found: Iterable[Item], asked: list[bool]) -> Iterator[Found]:
    """Yield finds as rows; unprepared where the database was asked or there is something to say, in whose language ever."""
    reader = Reader(ctx, options.entity, options)
    for item in found:
        asked.clear()
        row: Row | None = None
        with suppress(Exception):
            row = prepare(ctx, item, options, reader)
            if row.keys is not None:
                _foresee(ctx, row)
        if row is None or asked or row.said or row.outcome:
            yield item
        else:
            row.item = _light(item)
            yield row


_NOBODY = Card(formatted_name="")


def _light(item: Item) -> Item:
    """Return a find without its card, if that says nothing any more that the row and its cells do not."""
    card = item.found
    if item.row is None or not isinstance(card, Card) or card.photo or card.related or card.kind == "group":
        return item
    return Item(item.number, _NOBODY, item.row, item.since, item.beside)


def _foresee(ctx: Context, row: Row) -> None:
    """Work out what the search index is going to say of a row, to be remembered by who writes it."""
    fold.doc(row.name)
    for field in search_index.plan(ctx, row.entity).fields:
        for text in texts(ctx, field, row.values.get(field.key)):
            fold.doc(text)


def _called(of: Callable[[Any], tuple[Any, ...]], one: Any) -> tuple[type, tuple[Any, ...]]:
    return type(one), of(one)


_BY_PLACE: dict[Any, Any] = {
    **copyreg.dispatch_table,
    **{
        one: partial(_called, attrgetter(*(f.name for f in fields(one))))
        for one in (Card, Cells, Item, Mark, Row, Since)
    },
}
"""Dataclasses that are written as calls with their fields by place: read so, they take half of what their states take."""


def _packed(what: Any) -> bytes:
    out = io.BytesIO()
    packer = pickle.Pickler(out, pickle.HIGHEST_PROTOCOL)
    packer.dispatch_table = _BY_PLACE
    packer.dump(what)
    return out.getvalue()


def _send(pipe: int, body: bytes) -> None:
    frame = memoryview(LENGTH.pack(len(body)) + body)
    while frame:
        frame = frame[os.write(pipe, frame) :]
