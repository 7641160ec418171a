"""The commands for facts, as they are typed: one for each door, its options the columns of the door's files."""

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

import typer

from core.doors import actions
from core.doors.model import Door
from gateway import doors
from gateway.running import run

fact = typer.Typer(help="Bring one fact; see docs/importing.md for what each holds.", no_args_is_help=True)

_WHO = inspect.Parameter(
    "by", inspect.Parameter.KEYWORD_ONLY, annotation=str, default=typer.Option(..., help="Who brings it.")
)
_DRY = inspect.Parameter(
    "dry_run",
    inspect.Parameter.KEYWORD_ONLY,
    annotation=bool,
    default=typer.Option(False, "--dry-run", help="Tell what would change and write nothing."),
)


def _name(column: str) -> str:
    """The column as the name of an argument: `from` is none in Python."""
    return f"{column}_"


def _parameters(door: Door) -> list[inspect.Parameter]:
    columns = actions.columns(door)
    own = [
        inspect.Parameter(
            _name(column),
            inspect.Parameter.KEYWORD_ONLY,
            annotation=str,
            default=typer.Option(
                ... if column in columns.required else "", f"--{column.replace('_', '-')}", help=f"Column {column}."
            ),
        )
        for column in columns.names
    ]
    return [*own, _WHO, _DRY]


def _command(door: Door) -> Callable[..., None]:
    def command(**given: Any) -> None:
        cells = {column: given[_name(column)] for column in actions.columns(door).names}
        run(partial(doors.record, door=door, cells=cells, by=given["by"], dry_run=given["dry_run"]))

    parameters = _parameters(door)
    command.__dict__["__signature__"] = inspect.Signature(parameters)
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    return command


SINGLY = tuple(door for door in Door if door is not Door.AMR)
"""What can be brought one at a time; a metering system signs files."""

for _door in SINGLY:
    fact.command(str(_door), help=f"Bring a fact of the kind {_door}.")(_command(_door))
