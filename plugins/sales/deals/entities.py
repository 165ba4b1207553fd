"""The kinds of record that deals bring."""

from __future__ import annotations

from app.sdk import Entity, Privacy, _l

from . import deriving, fields
from .models import Deal, Pipeline, Reason, Stage

ALL = (
    Entity(
        name="pipeline",
        label=_l("Pipeline"),
        plural=_l("Pipelines"),
        model=Pipeline,
        icon="square-kanban",
        fields=fields.PIPELINES,
        default_columns=("name", "currency", "stale_days"),
        default_sort="position",
        api=False,
        importable=False,
        exportable=False,
    ),
    Entity(
        name="stage",
        label=_l("Stage"),
        plural=_l("Stages"),
        model=Stage,
        icon="square-kanban",
        fields=fields.STAGES,
        default_columns=("name", "pipeline_id", "probability", "outcome"),
        default_sort="position",
        api=False,
        importable=False,
        exportable=False,
    ),
    Entity(
        name="reason",
        label=_l("Reason"),
        plural=_l("Reasons"),
        model=Reason,
        icon="circle-help",
        fields=fields.REASONS,
        default_columns=("name", "outcome"),
        default_sort="position",
        api=False,
        importable=False,
        exportable=False,
    ),
    Entity(
        name="deal",
        label=_l("Deal"),
        plural=_l("Deals"),
        model=Deal,
        icon="square-kanban",
        url="sales_deals.show",
        subject="contact_id",
        derive=deriving.derive,
        derive_from=deriving.FROM,
        fields=fields.DEALS,
        default_columns=("name", "company_id", "stage_id", "amount_base", "close_on", "step_on", "owner_id"),
        default_sort="-created_at",
        privacy=Privacy(erase="anonymise", fields=("note",), reason=_l("What was sold stays in the books.")),
    ),
)
