"""Pages and fragments of plugins: who may, what is answered, and the context of the request."""

from __future__ import annotations

from flask import Response

from app.services.context import ctx
from app.services.writable import can_write
from app.web.amounts import money, number
from app.web.composer import composer
from app.web.dates import day as day_text
from app.web.dates import when as day_when
from app.web.downloads import csv_file
from app.web.forms.base import Form, SecretField
from app.web.forms.record import RecordForm
from app.web.htmx import partial as is_partial
from app.web.record_shell import show as record_page
from app.web.render import done, fragment, render
from app.web.routes import public, requires, signed_in
from app.web.security.csrf import exempt
from app.web.security.headers import allow_frames
from app.web.security.redirects import local_path
from app.web.tasks import nudge

__all__ = [
    "Form",
    "RecordForm",
    "Response",
    "SecretField",
    "allow_frames",
    "can_write",
    "composer",
    "csv_file",
    "ctx",
    "day_text",
    "day_when",
    "done",
    "exempt",
    "fragment",
    "is_partial",
    "local_path",
    "money",
    "nudge",
    "number",
    "public",
    "record_page",
    "render",
    "requires",
    "signed_in",
]
