"""What plugins do with records: the same functions, rights, events and journal as the core's own pages."""

from __future__ import annotations

from app.services import access, fields, records
from app.services.unit import unit

__all__ = ["access", "fields", "records", "unit"]
