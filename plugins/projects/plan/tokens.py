"""The customer's link: 32 random bytes, found by their hash, sealed for those who look after the project."""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import select

from app.sdk import Context
from app.sdk.services import sealing

from .models import Project

PURPOSE = "projects.project"


def give(project: Project) -> str:
    """Give a project a new link and return its token; a former one ends."""
    token = secrets.token_urlsafe(32)
    project.token_hash = _hash(token)
    project.token = sealing.seal(PURPOSE, token.encode(), bound=project.uid)
    return token


def take(project: Project) -> None:
    """End a project's link."""
    project.token_hash = project.token = None


def of(project: Project) -> str:
    """Return the token of a project, "" when it has none or the key that sealed it is gone."""
    if project.token is None:
        return ""
    try:
        return sealing.unseal(PURPOSE, project.token, bound=project.uid).decode()
    except sealing.Unsealable:
        return ""


def find(ctx: Context, token: str) -> Project | None:
    """Return the project of a token, None when there is none any more. To be asked as the house."""
    if not 20 <= len(token) <= 100:
        return None
    query = select(Project).where(Project.token_hash == _hash(token))
    return ctx.session.execute(query).scalar_one_or_none()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
