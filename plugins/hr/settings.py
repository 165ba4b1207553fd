"""What an administrator chooses: how long files of employees who left are kept, and why."""

from __future__ import annotations

from wtforms import Form, IntegerField, StringField
from wtforms.validators import Length, NumberRange

from app.sdk import _l


class HRSettings(Form):
    """Retention periods."""

    keep_months = IntegerField(
        _l("Months that a file is kept after the last day"),
        [NumberRange(min=0, max=600, message=_l("Choose a number from 0 to 600; 0 keeps files for good."))],
        description=_l(
            "Afterwards absences, contracts, documents, certificates, goals, reviews and private data go."
        ),
        default=120,
    )
    keep_reason = StringField(
        _l("Why so long"),
        [Length(max=300)],
        description=_l("Stands beside the day on which a file goes."),
        default="Periods of limitation and of keeping records of wages",
    )
    private_months = IntegerField(
        _l("Months that private data are kept after the last day"),
        [NumberRange(min=0, max=600, message=_l("Choose a number from 0 to 600; 0 keeps files for good."))],
        description=_l("They may go before the rest of the file."),
        default=36,
    )
