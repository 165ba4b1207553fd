"""Which implementation of a protocol is used: the one named in the settings, or the null object."""

from __future__ import annotations

from typing import Any

from app.house import house
from app.kernel.context import Settings
from app.kernel.contributions import Service
from app.kernel.protocols import NULLS


class Chosen:
    """`ctx.services`: made per context, so that a changed choice holds with the next request."""

    def __init__(self, site: Settings) -> None:
        self._site = site

    def get(self, protocol: type[Any]) -> Any:
        """Return the chosen implementation, else the core's, else the only one there is, or the null object."""
        offered = {s.key: s for s in house().registry.all(Service) if s.protocol is protocol}
        named = offered.get(self._site.get(protocol.__name__.lower()))
        own = next((s for s in offered.values() if s.owner == "core"), None)
        service = named or own or (next(iter(offered.values())) if len(offered) == 1 else None)
        if service is not None:
            return service.factory(house().config)
        if protocol not in NULLS:
            raise LookupError(f"Nothing provides {protocol.__name__}. Enable a plugin that does.")
        return NULLS[protocol]()
