"""The job that sends: several webhooks at once, each one message after the other, outside of any transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from flask import Flask, current_app

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import KithError
from app.models import Webhook, WebhookDelivery
from app.services import context, safe_fetch, webhooks_payload, webhooks_queue, webhooks_signing
from app.services.notifications import receiving
from app.services.safe_fetch import Answer
from app.services.webhooks_queue import Claim, Outcome
from app.services.webhooks_secrets import valid
from app.services.webhooks_state import failed

AT_ONCE = 8
BUDGET_S = 40.0
"""So long a run takes on new messages; the next run goes on."""

GONE = 410
"""The receiver wants nothing more (Standard Webhooks): the webhook is switched off."""

transport: Callable[..., Answer] = safe_fetch.fetch


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A message ready to go."""

    claim: Claim
    url: str
    body: str
    headers: Mapping[str, str]


@dataclass
class Sender:
    """One run of the job: what is under way, and what comes next."""

    pool: ThreadPoolExecutor
    end: float
    under_way: dict[Future[Outcome], Parcel] = field(default_factory=dict)

    def run(self) -> None:
        """Send until nothing is due or the time is up; what is under way is waited for."""
        while self._more() or self.under_way:
            done, _rest = wait(self.under_way, timeout=1.0, return_when=FIRST_COMPLETED)
            for one in done:
                parcel = self.under_way.pop(one)
                settled(_now(), parcel.claim, one.result())

    def _more(self) -> bool:
        """Begin what is due as far as there is room; True while something may be ready at once."""
        room = AT_ONCE - len(self.under_way)
        if room <= 0 or monotonic() >= self.end:
            return False
        app, now = current_app._get_current_object(), _now()  # type: ignore[attr-defined]
        busy = {parcel.claim.webhook_id for parcel in self.under_way.values()}
        begun = False
        for hook in webhooks_queue.ready(now, without=busy, limit=room):
            claim = webhooks_queue.take(now, hook)
            if claim is None:
                continue
            begun = True
            parcel = prepared(now, claim)
            if parcel is not None:
                self.under_way[self.pool.submit(_apart, app, parcel)] = parcel
        return begun


def send(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job `webhooks.send`: send what is due, then come back when the next is."""
    with ThreadPoolExecutor(AT_ONCE, "kith-webhook") as pool:
        Sender(pool, monotonic() + BUDGET_S).run()
    webhooks_queue.come_back(_now())


def prepared(ctx: Context, claim: Claim) -> Parcel | None:
    """Return the message of a claim; None when it is not told, which is settled at once."""
    hook = ctx.session.get_one(Webhook, claim.webhook_id)
    delivery = ctx.session.get_one(WebhookDelivery, claim.delivery_id)
    try:
        body = delivery.body or _body(ctx, hook, delivery)
        signed = webhooks_signing.headers_of(valid(ctx, hook), delivery.uid, ctx.now, body.encode())
    except webhooks_payload.Untold as error:
        settled(ctx, claim, Outcome(error=str(error), skipped=True))
        return None
    except KithError as error:
        lost = isinstance(error, webhooks_payload.Untellable)
        settled(ctx, claim, Outcome(error=str(error), again=not lost))
        return None
    told = {"Content-Type": "application/json", "User-Agent": "Kith", **signed}
    return Parcel(claim=claim, url=hook.url, body=body, headers=told)


def _body(ctx: Context, hook: Webhook, delivery: WebhookDelivery) -> str:
    with receiving(ctx, hook.user_id) as owner:
        if owner is None:
            raise webhooks_payload.Untellable(_("The owner of the webhook has no active account."))
        return webhooks_payload.body_of(owner, hook, delivery)


def _apart(app: Flask, parcel: Parcel) -> Outcome:
    with app.app_context():
        return tried(parcel)


def tried(parcel: Parcel) -> Outcome:
    """Send a message; runs in a thread of its own and asks no database."""
    begun = monotonic()
    status: int | None = None
    try:
        answer = transport("POST", parcel.url, headers=parcel.headers, body=parcel.body.encode())
        status = answer.status
        error = "" if 200 <= status < 300 else _said(answer)
    except KithError as problem:
        error = str(problem)
    took = int((monotonic() - begun) * 1000)
    return Outcome(body=parcel.body, status=status, error=error, took_ms=took)


def _said(answer: Answer) -> str:
    text = " ".join(answer.body[:2000].decode("utf-8", "replace").split())[:300]
    return f"HTTP {answer.status}. {text}".strip()


def settled(ctx: Context, claim: Claim, outcome: Outcome) -> None:
    """Note an outcome; a webhook whose receiver is gone or fails for days is switched off."""
    with ctx.unit():
        hook = webhooks_queue.settle(ctx, claim, outcome)
        if hook is not None and outcome.error and not outcome.skipped:
            failed(ctx, hook, gone=outcome.status == GONE)


def _now() -> Context:
    return context.as_system("sending webhooks")
