"""The core's work for later."""

from __future__ import annotations

from app.i18n import _l
from app.kernel.contributions import Job
from app.services import (
    approvals_deciding,
    backups,
    bulk_check,
    bulk_running,
    custom_fields,
    custom_fields_drafts,
    custom_fields_formulas,
    custom_fields_retyping,
    dedupe_searching,
    import_check,
    import_running,
    import_undo,
    mailing,
    search_index,
    tidying,
    webhooks_planning,
    webhooks_sending,
    whole_shelf,
)

ALL = (
    Job(
        name=approvals_deciding.EXPIRE,
        label=_l("End requests that nobody approved in time"),
        run=approvals_deciding.expire,
        schedule="every 15m",
    ),
    Job(name="mail.send", label=_l("Send a mail"), run=mailing.send_queued),
    Job(
        name="backup",
        label=_l("Back everything up"),
        run=backups.nightly,
        schedule="daily @backup_at",
        timeout=7200,
        retries=3,
    ),
    Job(
        name=whole_shelf.JOB,
        label=_l("Export everything"),
        run=whole_shelf.run,
        timeout=6 * 3600,
        retries=1,
    ),
    Job(name="tidy", label=_l("Tidy up"), run=tidying.tidy, schedule="daily 04:10", timeout=3600, retries=3),
    Job(
        name=dedupe_searching.JOB,
        label=_l("Look for duplicates"),
        run=dedupe_searching.find,
        schedule="daily 02:20",
        timeout=2 * 3600,
        retries=1,
    ),
    Job(
        name=custom_fields.REINDEX,
        label=_l("Find records by the values of an added field"),
        run=custom_fields.reindex,
        timeout=6 * 3600,
    ),
    Job(
        name=custom_fields.RANK,
        label=_l("Order records by the choices of a field"),
        run=custom_fields.rank,
        timeout=6 * 3600,
    ),
    Job(
        name=custom_fields_drafts.CONVERT,
        label=_l("Convert the values of a field to another type"),
        run=custom_fields_retyping.work,
        timeout=6 * 3600,
    ),
    Job(
        name=custom_fields_formulas.COMPUTE,
        label=_l("Compute a formula for all records"),
        run=custom_fields_formulas.compute,
        timeout=6 * 3600,
    ),
    Job(
        name=search_index.FOLLOW,
        label=_l("Find people by their company's new name"),
        run=search_index.follow,
        timeout=600,
    ),
    Job(
        name="import.run", label=_l("Import a file"), run=import_running.run_job, timeout=6 * 3600, retries=3
    ),
    Job(
        name="bulk.run",
        label=_l("Work on many records"),
        run=bulk_running.run_job,
        timeout=6 * 3600,
        retries=3,
    ),
    Job(
        name="bulk.check",
        label=_l("Look at what work on many records would do"),
        run=bulk_check.check_job,
        timeout=600,
        retries=1,
    ),
    Job(name="import.check", label=_l("Look at a file"), run=import_check.check_job, timeout=3600, retries=1),
    Job(
        name="import.undo",
        label=_l("Take an import back"),
        run=import_undo.undo_job,
        timeout=6 * 3600,
        retries=3,
    ),
    Job(
        name=webhooks_planning.SEND,
        label=_l("Send to webhooks"),
        run=webhooks_sending.send,
        schedule="every 5m",
        timeout=120,
    ),
)
