"""Implementations of protocols that the core brings itself."""

from __future__ import annotations

from app.i18n import _l
from app.kernel.contributions import Service
from app.kernel.protocols import Mailer
from app.services import mailing

ALL = (Service(name="smtp", label=_l("SMTP server"), protocol=Mailer, factory=mailing.mailer),)
