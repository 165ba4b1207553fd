"""What the core listens to."""

from __future__ import annotations

from app.kernel.contributions import On, Phase
from app.services import last_contact

ALL = tuple(
    On(
        name=f"last_contact_{what}",
        topic=f"interaction.{what}",
        run=last_contact.gone_or_back,
        phase=Phase.BEFORE,
    )
    for what in ("deleted", "restored")
)
