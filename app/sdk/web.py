"""Pages and fragments of plugins: who may, what is answered, and the context of the request."""

from __future__ import annotations

from flask import Response

from app.services.context import ctx
from app.web.forms.base import Form
from app.web.render import done, fragment, render
from app.web.routes import public, requires, signed_in

__all__ = ["Form", "Response", "ctx", "done", "fragment", "public", "render", "requires", "signed_in"]
