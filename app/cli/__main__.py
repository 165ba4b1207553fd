"""`python -m app.cli`: the same as the command `kith`."""

from app.cli import main

main()
