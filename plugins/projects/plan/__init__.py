"""The plan of a project: phases, milestones, tasks, what waits for what, and how it is shown."""
