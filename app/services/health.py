"""The house's condition: what a load balancer asks, and the questions that core and plugins contribute."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from app.database import Busy
from app.house import house
from app.i18n import _, _n
from app.kernel.context import Context
from app.kernel.contributions import Health, HealthCheck
from app.kernel.guard import Failure, Surface, run
from app.models import Blob, Setting, User
from app.services import backup_files, jobs

ROOM = 200 * 1024 * 1024
LATE = timedelta(minutes=5)
STUCK = timedelta(minutes=30)
BACKUP_OLD = timedelta(hours=26)
CACHE_S = 2.0


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The answer to one question: `state` is ok, warn or fail; `message` says what to do."""

    key: str
    label: str
    state: str
    message: str

    @classmethod
    def of(cls, key: str, label: str, answer: Health) -> Finding:
        """Return the finding of an answer."""
        return cls(key=key, label=label, state=answer.state, message=str(answer.message))


_ready: dict[str, tuple[float, Sequence[Finding]]] = {}


def readiness(ctx: Context, pending: Callable[[], Mapping[str, Sequence[str]]]) -> Sequence[Finding]:
    """Return what decides whether this process can serve, asked at most every two seconds.

    `pending` returns the migrations that the database lacks, by owner (services do not know the host).
    """
    key = str(house().config.data)
    cached = _ready.get(key)
    if cached is not None and monotonic() - cached[0] < CACHE_S:
        return cached[1]
    found = (
        Finding.of("database", _("Database"), writable(ctx)),
        Finding.of("migrations", _("Migrations"), migrated(pending())),
        Finding.of("disk", _("Disk"), disk(ctx)),
        Finding.of("queue", _("Queue"), queue(ctx)),
    )
    _ready[key] = (monotonic(), found)
    return found


def ready(findings: Sequence[Finding]) -> bool:
    """Tell whether the process can serve: a slow queue is a warning, no reason to take it out of service."""
    return all(one.state != "fail" or one.key == "queue" for one in findings)


def writable(ctx: Context) -> Health:
    """Write one small row and commit it."""
    try:
        with ctx.unit():
            statement = jobs.insert_of(ctx, Setting).values(
                owner="health", key="probe", user_id=0, value=f'"{ctx.now.isoformat()}"'
            )
            ctx.session.execute(
                statement.on_conflict_do_update(
                    index_elements=["owner", "key", "user_id"], set_={"value": statement.excluded.value}
                )
            )
    except (SQLAlchemyError, Busy, OSError) as error:
        return Health(
            state="fail", message=_("The database cannot be written: %(why)s", why=_first_line(error))
        )
    return Health()


def migrated(pending: Mapping[str, Sequence[str]]) -> Health:
    """Judge the migrations that are waiting."""
    if "core" in pending:
        return Health(state="fail", message=_("The database is behind. Run “kith db upgrade”."))
    if pending:
        names = ", ".join(sorted(pending))
        return Health(state="warn", message=_("Plugins wait for “kith db upgrade”: %(names)s", names=names))
    return Health()


def disk(ctx: Context) -> Health:
    """Ask whether there is room in the data folder."""
    try:
        free = shutil.disk_usage(house().config.data).free
    except OSError as error:
        return Health(
            state="fail", message=_("The data folder cannot be read: %(why)s", why=_first_line(error))
        )
    if free < ROOM:
        message = _("Only %(mb)s MB are free in the data folder. Make room.", mb=free // 1_000_000)
        return Health(state="fail", message=message)
    return Health()


def queue(ctx: Context) -> Health:
    """Ask whether work for later is being done."""
    try:
        waiting = jobs.oldest_due(ctx)
    except SQLAlchemyError as error:
        return Health(state="fail", message=_("The queue cannot be read: %(why)s", why=_first_line(error)))
    if waiting > LATE:
        minutes = int(waiting.total_seconds() // 60)
        message = _n(
            "Background work has waited for %(num)s minute. Is a worker running?",
            "Background work has waited for %(num)s minutes. Is a worker running?",
            minutes,
        )
        return Health(state="fail" if waiting > STUCK else "warn", message=message)
    return Health()


def dead_letters(ctx: Context) -> Health:
    """Ask whether jobs were given up."""
    dead = jobs.counts(ctx)["dead"]
    if not dead:
        return Health()
    message = _n(
        "%(num)s job was given up. Retry or discard it on the page Background work.",
        "%(num)s jobs were given up. Retry or discard them on the page Background work.",
        dead,
    )
    return Health(state="warn", message=message)


def backup_age(ctx: Context) -> Health:
    """Ask whether there is a backup of the last night."""
    config = house().config
    if not config.backup_at:
        return Health(state="warn", message=_("Daily backups are switched off (KITH_BACKUP_AT)."))
    newest = backup_files.newest(config)
    if newest is None:
        first = ctx.session.execute(select(func.min(User.created_at))).scalar()
        message = _("There is no backup yet. Run “kith backup”.")
        old = first is not None and ctx.now - first > BACKUP_OLD
        return Health(state="fail", message=message) if old else Health()
    if ctx.now - backup_files.taken_at(newest) > BACKUP_OLD:
        message = _(
            "The newest backup is from %(day)s.", day=backup_files.taken_at(newest).date().isoformat()
        )
        return Health(state="fail", message=message)
    return Health()


def mail_set_up(ctx: Context) -> Health:
    """Ask whether mail can be sent at all."""
    if house().config.smtp_url or house().config.env in {"demo", "test"}:
        return Health()
    message = _(
        "No mail server is set up: invitations and password resets cannot be sent. Set KITH_SMTP_URL."
    )
    return Health(state="warn", message=message)


def integrity(ctx: Context) -> Health:
    """Ask SQLite whether its file is sound; PostgreSQL watches over itself."""
    if ctx.session.get_bind().dialect.name != "sqlite":
        return Health()
    found = ctx.session.connection().execute(text("PRAGMA quick_check(5)")).scalars().all()
    if list(found) != ["ok"]:
        return Health(
            state="fail", message=_("The database file is damaged: %(why)s. Restore a backup.", why=found[0])
        )
    return Health()


def files(ctx: Context) -> Health:
    """Ask whether every file that a record has is there, with the size it should have."""
    root = house().config.data / "files"
    lost = [
        name
        for name, size in ctx.session.execute(select(Blob.storage_name, Blob.size))
        if _size(root / name[:2] / name) != size
    ]
    if lost:
        message = _n(
            "%(num)s file is missing or cut off (%(name)s). Restore it from a backup.",
            "%(num)s files are missing or cut off (%(name)s …). Restore them from a backup.",
            len(lost),
            name=lost[0],
        )
        return Health(state="fail", message=message)
    return Health()


def run_all(ctx: Context) -> Sequence[Finding]:
    """Ask every contributed question; one that fails is a finding itself."""
    return [asked(ctx, check) for check in house().registry.all(HealthCheck)]


def asked(ctx: Context, check: HealthCheck) -> Finding:
    """Ask one contributed question within the guard."""
    answer: Any = run(
        check.run, ctx, owner=check.owner, surface=Surface.HEALTH, item=check.key, session=ctx.session
    )
    if isinstance(answer, Failure) or not isinstance(answer, Health):
        message = _("This check failed itself; the log says why.")
        answer = Health(state="warn", message=message)
    return Finding.of(check.key, str(check.label), answer)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]
