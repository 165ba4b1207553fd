"""What people are told about, declared like everything else."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.contributions import Contribution, Text


@dataclass(frozen=True, kw_only=True)
class Notice(Contribution):
    """Something that people are told about: each chooses by which channels ("app", "mail", those of plugins).

    `channels` are those at first; `hint` says when it comes. It is sent with `notifications.send(ctx, …, key, …)`.
    """

    hint: Text = ""
    channels: tuple[str, ...] = ("app", "mail")
    icon: str = "bell"
    tone: str = "sys"
    order: int = 50
