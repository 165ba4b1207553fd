"""Times the pages of a project with 500 tasks that wait for one another: `python -m bench.projects`."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from app.services.context import acting
from app.testing import plugins
from app.testing.clients import Person
from app.testing.factories import Make
from plugins.projects.plan import service
from plugins.projects.plan.models import Dependency

TASKS, ROUNDS = 500, 15
PAGES = ("", "/tasks", "/board", "/gantt", "/calendar", "/budget")


def fill(make: Make) -> int:
    """Make a project with 500 tasks, each waiting for one or two before it, and return its id."""
    chance, ctx = random.Random(7), make.ctx()
    with acting(ctx), ctx.unit():
        project = service.begin(ctx, {"name": "Bench"})
        phases = [service.add_phase(ctx, project.id, f"Phase {n}").id for n in range(8)]
        made: list[int] = []
        for number in range(TASKS):
            start = date.today() + timedelta(days=number // 4)
            values = {
                "summary": f"Task {number}",
                "due_on": (start + timedelta(days=chance.randint(0, 9))).isoformat(),
                "projects.start_on": start.isoformat(),
                "projects.estimate": 60 * chance.randint(1, 30),
                "projects.phase": phases[number * 8 // TASKS],
            }
            made.append(service.add_task(ctx, project.id, values).id)
            for before in chance.sample(made[:-1][-20:], min(2, number)):
                ctx.session.add(Dependency(task_id=made[-1], before_id=before))
        return int(project.id)


def main() -> None:
    """Print the median of each page in milliseconds of processor time, so that a busy machine does not count."""
    with tempfile.TemporaryDirectory() as folder, plugins.app_with(Path(folder), "projects") as app:
        with app.app_context():
            make = Make()
            number = fill(make)
            person = Person(app, make.user("administrator"))
        for page in PAGES:
            took, size = [], 0
            for _round in range(ROUNDS):
                start = time.thread_time()
                answer = person.get(f"/projects/{number}{page}")
                took.append((time.thread_time() - start) * 1000)
                size = len(answer.data) // 1024
                if answer.status_code != 200:
                    raise SystemExit(f"{page}: {answer.status_code}")
            print(f"/projects/…{page:10} {statistics.median(took):7.1f} ms  {size} KB")


if __name__ == "__main__":
    main()
