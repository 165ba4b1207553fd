"""All pages of tasks: their parts add themselves to one blueprint, so that the navigation knows where one is."""

from __future__ import annotations

from app.web import agenda, task_form
from app.web.tasks import tasks

__all__ = ["agenda", "task_form", "tasks"]
