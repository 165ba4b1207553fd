"""The choices that a file is looked at with first: as for such a file before, as its profile says, else guessed."""

from __future__ import annotations

from dataclasses import replace

from app.formats.source import Data
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.services import import_mapping, import_profiles
from app.services.import_options import Options
from app.services.import_reading import table
from app.services.import_rows import sentence


def guessed(ctx: Context, options: Options, data: Data, name: str) -> Options:
    """Return the choices with what the columns hold: as chosen for such a file before, else guessed."""
    made = table(data, name, replace(options, mapping={}))
    if made is None:
        return options
    if made.problem is not None:
        raise Invalid({"file": sentence(made.problem)})
    row = import_profiles.header_row(made) or import_mapping.first_names(ctx, options.entity, made)
    if options.header_row is None and row:
        return guessed(ctx, replace(options, header_row=row), data, name)
    profile = import_profiles.of(ctx, options, made)
    options = import_profiles.taken(options, profile) if profile is not None else options
    kept = import_mapping.remembered(ctx, options.entity, made.header)
    if kept is not None and kept.get("profile", "") == options.profile:
        return replace(options, **kept)
    if profile is not None:
        return import_profiles.mapped(ctx, options, profile, made)
    mapping = import_mapping.guess(ctx, options.entity, made)
    dates, decimal = import_mapping.written_as(ctx, options.entity, made, mapping)
    return replace(options, mapping=mapping, dates=options.dates or dates, decimal=options.decimal or decimal)
