"""The control of a field that holds a file: the present one as a link, a box to take it off, and the choice of another.

What was sent is held at once, so that it need not be chosen again when something else in the form is wrong.
"""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from werkzeug.datastructures import FileStorage

from app.formats import file_values
from app.i18n import _
from app.kernel.errors import Invalid
from app.services import attachments
from app.web.forms.controls import Control, Data

SENT, OFF = "file", "off"
"""Behind the field's name: the file itself, and the box that takes the present one off."""


class FileChoice(Control):
    """One file. `typed` is the value of the present one."""

    template = "file"
    _upload: FileStorage | None = None
    _lost = False

    def read(self, data: Data) -> None:
        """Take the file that was sent, else the present one unless it is taken off."""
        super().read(data)
        if f"{self.name}-{OFF}" in data:
            self.typed = ""
        sent = request.files.get(f"{self.name}-{SENT}")
        self._upload = sent if sent is not None and sent.filename else None
        self._lost = bool(data.get(f"{self.name}-{SENT}"))  # the name alone came, without the file

    @property
    def changed(self) -> bool:
        """Whether another file was sent, or the present one taken off."""
        return self._upload is not None or self._lost or super().changed

    @property
    def present(self) -> tuple[str, str] | None:
        """Name and address of the present file."""
        if not self.typed:
            return None
        address = url_for("files.show", uid=file_values.uid_of(self.typed))
        return file_values.name_of(self.typed), address

    def value(self) -> Any:
        """Return the value. Raises ValueError with a sentence for a file that cannot be kept."""
        if self._lost:
            raise ValueError(_("The file did not arrive. Choose it again."))
        if self._upload is not None:
            upload = attachments.Upload(name=str(self._upload.filename), data=self._upload.read())
            self._upload = None
            try:
                self.typed = attachments.hold(self.ctx, upload)
            except Invalid as error:
                raise ValueError(" ".join(error.problems.values())) from error
        return super().value()
