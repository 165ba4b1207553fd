"""What work on many records would do, without doing it: the very same steps, rolled back. Long ones in the background."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from time import perf_counter
from typing import Any

from app.kernel.context import Context
from app.models import BulkRun
from app.services import bulk_choice, bulk_running, bulk_work, jobs, trial
from app.services.bulk_choice import Chosen
from app.services.bulk_writing import Wrote
from app.services.unit import unit
from app.services.values import dump, load

JOB = "bulk.check"
CAP = 10_000
"""Choices are counted up to here while the person waits."""

FIRST = 500
"""Records that are tried while the person waits."""

AT_ONCE_S = 0.4
"""Time for them; what is not reached is tried in the background."""

SAMPLES = 5
REASONS = 20


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What was found so far: counts, five changes as (record, before, after), how often which reason, up to which id."""

    seen: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    samples: Sequence[Sequence[Any]] = ()
    reasons: Mapping[str, int] = field(default_factory=dict)
    last: int = 0
    whole: bool = False

    @classmethod
    def of(cls, made: BulkRun) -> Checked:
        """Return what a draft was found to do."""
        return cls(**json.loads(made.checked or "{}"))

    def plus(self, wrote: Wrote, last: int, seen: int) -> Checked:
        """Return it with what became of further records."""
        reasons = Counter(self.reasons)
        for why in wrote.refused.values():
            if why in reasons or len(reasons) < REASONS:
                reasons[why] += 1
        more = [(i, load(dump(b)), load(dump(a))) for i, (b, a) in list(wrote.changed.items())[:SAMPLES]]
        return replace(
            self,
            seen=self.seen + seen,
            changed=self.changed + len(wrote.changed),
            same=self.same + len(wrote.same),
            refused=self.refused + len(wrote.refused),
            samples=[*self.samples, *more][:SAMPLES],
            reasons=dict(reasons),
            last=last,
        )


def first(ctx: Context, run_id: int) -> None:
    """Try the first records of a draft; the others of a long one in the background."""
    started = perf_counter()
    found, size = Checked(), bulk_running.FIRST
    while not found.whole and found.seen < FIRST and perf_counter() - started < AT_ONCE_S:
        found = _try(ctx, run_id, found, min(size, FIRST))
    _keep(ctx, run_id, found)


def check_job(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job `bulk.check`: try all records of a draft, as long as it is one and wants the same."""
    run_id, work = int(args["run"]), str(args["work"])
    while True:
        made = ctx.session.get(BulkRun, run_id, populate_existing=True)
        if made is None or made.state != "draft" or made.work != work:
            return
        found = Checked.of(made)
        if found.whole:
            return
        _note(ctx, run_id, _try(ctx, run_id, found, 2 * bulk_running.FIRST))
        ctx.session.rollback()


def _try(ctx: Context, run_id: int, found: Checked, size: int) -> Checked:
    """Return what was found with the next records tried, whose changes are rolled back."""
    with bulk_running.within(ctx), trial.taken_back(ctx):
        return _tried(ctx, run_id, found, size)


def _tried(ctx: Context, run_id: int, found: Checked, size: int) -> Checked:
    made = ctx.session.get_one(BulkRun, run_id, populate_existing=True)
    entity, kind, total = made.entity, made.kind, made.total
    ids, last = bulk_choice.batch(
        ctx, entity, Chosen.stored(made.chosen), after=found.last, ceiling=made.ceiling, size=size
    )
    if not last:
        return replace(found, whole=True)
    if kind == "action":
        action = bulk_work.find(ctx, entity, json.loads(made.work)["action"])
        wrote, suited = bulk_work.suitable(ctx, action, ids)
        wrote.changed = {i: ({}, {}) for i in suited}
    else:
        wrote = bulk_work.work(ctx, entity, kind, made.work)(ids)
    after = found.plus(wrote, last, len(ids))
    return replace(after, whole=total <= after.seen <= CAP)


@unit
def _keep(ctx: Context, run_id: int, found: Checked) -> None:
    made = ctx.session.get_one(BulkRun, run_id, populate_existing=True)
    _write(made, found)
    if not found.whole:
        jobs.enqueue(ctx, JOB, {"run": run_id, "work": made.work}, key=f"{JOB}:{run_id}")


@unit
def _note(ctx: Context, run_id: int, found: Checked) -> None:
    made = ctx.session.get(BulkRun, run_id, populate_existing=True)
    if made is not None and made.state == "draft":
        _write(made, found)


def _write(made: BulkRun, found: Checked) -> None:
    made.checked = json.dumps(asdict(found), ensure_ascii=False)
    if found.whole or found.seen > made.total:
        made.total = found.seen
