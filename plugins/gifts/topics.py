"""What this plugin tells others."""

from __future__ import annotations

from app.sdk import Topic, _l

ALL = (Topic(name="given", label=_l("A gift was given"), payload={"on": "the day, ISO 8601"}),)
