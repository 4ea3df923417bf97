"""Choosing a command, and turning what can go wrong into messages and exit codes."""

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

from sortition import verify

#: Exit codes: bad input; no valid panel; cancelled or out of time.
BAD_INPUT, INFEASIBLE, STOPPED = 2, 3, 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["verify"]:
        return verify.main(given[1:])
    return _run(_parser().parse_args(given))


def _run(options: argparse.Namespace) -> int:
    from sortition.cli.inputs import stopped_by_signal
    from sortition.faults import InputFaults
    from sortition.feasibility import Infeasible
    from sortition.progress import Stopped

    module, function = _COMMANDS[options.command][0].split(".")
    command: Callable[[argparse.Namespace], int] = getattr(
        import_module(f"sortition.cli.{module}"), function
    )
    try:
        with stopped_by_signal() if "time_limit" in options else nullcontext() as cancelled:
            options.cancelled = cancelled
            return command(options)
    except InputFaults as refusal:
        print(refusal, file=sys.stderr)
        return BAD_INPUT
    except Infeasible as refusal:
        print(refusal, file=sys.stderr)
        return INFEASIBLE
    except (Stopped, KeyboardInterrupt) as stopped:
        out_of_time = isinstance(stopped, Stopped) and stopped.reason == "time"
        print("The time is up." if out_of_time else "Cancelled.", file=sys.stderr)
        return STOPPED
    except (OSError, UnicodeDecodeError) as error:
        name = getattr(error, "filename", None) or "input"
        print(f"{name}: {getattr(error, 'strerror', None) or error}.", file=sys.stderr)
        return BAD_INPUT


def _whole(text: str) -> int:
    """A whole number of 0 or more, of an option."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise argparse.ArgumentTypeError(f"“{text}” is not a whole number from 0")
    return int(text)


def _seconds(text: str) -> float:
    """A number of seconds, of an option."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of seconds")
    return seconds


def _option(*flags: str, **settings: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    """One argument of a command, as argparse takes it."""
    return flags, settings


def _many(flag: str, form: str, text: str) -> tuple[tuple[str, ...], dict[str, Any]]:
    """An option that may be repeated."""
    return _option(flag, action="append", default=[], metavar=form, help=text)


def _file(flag: str, text: str, *, needed: bool = True) -> tuple[tuple[str, ...], dict[str, Any]]:
    """An option that names a file."""
    return _option(flag, type=Path, required=needed, help=text)


_JSON = _option("--json", action="store_true", help="print one JSON object")
_OUTPUT = (
    _option("--seed", type=_whole, default=1, help="repeats the same result (default 1)"),
    _file("--out", "folder to write to", needed=False),
    _JSON,
)
_TIME_LIMIT = _option("--time-limit", type=_seconds, help="seconds after which to stop")
_LOTTERY = (_option("--algorithm", choices=("leximin", "maximin"), default="leximin"), _TIME_LIMIT)
_POOL = (
    _file("--targets", "CSV of targets, in people or per cent of the panel"),
    _file("--people", "CSV of the pool"),
    _option("--size", type=int, required=True, help="people on the panel"),
    _option("--id-column", help="column of the people's ids"),
    _option("--address-columns", default="", help="comma-separated; one seat each"),
    _many(
        "--leave-out",
        "COLUMN=VALUE,VALUE",
        "people not to be drawn; COLUMN= says that a column leaves out nobody",
    ),
    # What columns and cells mean, where the file doesn't say it in the targets' words.
    _option("--sheet", help="of a workbook of people; else the likeliest"),
    _many("--column", "FEATURE=COLUMN", "which column holds a feature that has another name"),
    _many("--value", "FEATURE:CELL=VALUE", "which value a cell stands for; no VALUE: no answer"),
    _option(
        "--no-answer",
        choices=("fault", "leave", "exclude"),
        default="fault",
        help="people who don't answer a feature: a fault, left out of its targets, or not drawn",
    ),
    _file("--already-selected", "CSV of people already on the panel", needed=False),
    *_OUTPUT,
)
_SEALED = (
    _option("--panels", type=int, default=1000, help="how many (default 1000)"),
    _option("--randomness", default="", help="in words: what will decide the draw"),
    _option("--salt", help="for repeatable pseudonyms; random by default"),
)
_DRAW = (
    _option("directory", type=Path),
    _option("--dice", help="digits of ten-sided dice, such as 4,0,7"),
    _option("--beacon", metavar="NAME:VALUE", help="a public beacon's value"),
    _JSON,
)
_RESERVES = (
    _option("--count", type=int, required=True, help="how many reserves"),
    _option("--dropout", type=float, default=0.1, help="chance (default 0.1)"),
    _many(
        "--dropout-by",
        "FEATURE:VALUE=CHANCE",
        "another chance for people with a value; may be repeated",
    ),
)
_SEATING = (
    _file("--people", "CSV of the people present"),
    _option("--id-column", help="column of the people's ids (default: the first)"),
    _option("--features", default="", help="comma-separated columns to spread"),
    _option("--table-size", "--size", type=int, default=8, help="default 8"),
    _option("--rounds", type=int, default=3, help="default 3"),
    _many("--together", "A,B", "ids to keep at one table"),
    _many("--apart", "A,B", "ids never at one table"),
    _many("--fixed", "ID=TABLE", "someone's table in every round, from 1"),
    _many("--needs", "COLUMN:VALUE=TABLE,TABLE", "tables for people with a value, from 1"),
    _many("--never-alone", "COLUMN:VALUE", "at least two of a value at a table, or none"),
    *_OUTPUT,
)
_INVITATIONS = (
    _file("--people", "CSV list, a line an invitation"),
    _option("--size", type=int, required=True, help="invitations to send"),
    _option("--id-column", default="id", help="column of the lines' ids (default id)"),
    _option("--area-column", help="column of the areas"),
    _option("--address-columns", default="", help="for a person list: one per address"),
    _file("--rates", "CSV area,rate: registrations per invitation", needed=False),
    _option("--rate", type=float, default=0.05, help="rate elsewhere (default 0.05)"),
    *_OUTPUT,
)
_SAMPLE = (
    _option("--size", type=int, required=True, help="people in the pool"),
    _option("--panel", type=int, required=True, help="people on the panel"),
    _option("--features", type=int, default=6, help="1 to 8 (default 6)"),
    *_OUTPUT,
)
_DROPPED = _file("--dropped", "CSV of people who dropped out, by id", needed=False)

#: Each command: the module and function that run it, what it does, and its arguments.
_COMMANDS = {
    "check": ("panels.check", "is a panel possible, and what would help", _POOL),
    "solve": ("panels.solve", "find the fairest lottery", (*_POOL, *_LOTTERY)),
    "lottery": ("panels.lottery", "seal equally likely panels", (*_POOL, *_LOTTERY, *_SEALED)),
    "draw": ("panels.draw", "draw a sealed panel", _DRAW),
    "verify": ("", "check a bundle; needs nothing but Python", ()),
    "replace": (
        "panels.replace",
        "draw replacements; --already-selected: who stays",
        (*_POOL, _TIME_LIMIT, _DROPPED),
    ),
    "reserves": (
        "panels.reserves",
        "choose reserves; --already-selected: the panel",
        (*_POOL, *_RESERVES),
    ),
    "seat": ("seating.seat", "seat people at tables over rounds", _SEATING),
    "invite": ("inviting.invite", "draw addresses or people to invite", _INVITATIONS),
    "sample-pool": ("inviting.sample", "make a realistic pool and its targets", _SAMPLE),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sortition", description="Fair lotteries for representative panels."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (_, text, options) in _COMMANDS.items():
        command = commands.add_parser(name, help=text)
        for flags, settings in options:
            command.add_argument(*flags, **settings)
    return parser
