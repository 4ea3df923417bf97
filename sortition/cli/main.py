"""Choosing a command, and turning what can go wrong into messages and exit codes."""

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path

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

    module, function = _HANDLERS[options.command]
    command: Callable[[argparse.Namespace], int] = getattr(import_module(module), function)
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


_HANDLERS = {
    "check": ("sortition.cli.fairest", "check"),
    "solve": ("sortition.cli.fairest", "solve"),
    "lottery": ("sortition.cli.lottery", "lottery"),
    "draw": ("sortition.cli.lottery", "draw"),
    "replace": ("sortition.cli.replacing", "replace"),
    "reserves": ("sortition.cli.replacing", "reserves"),
    "seat": ("sortition.cli.seating", "seat"),
    "invite": ("sortition.cli.inviting", "invite"),
    "sample-pool": ("sortition.cli.inviting", "sample"),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sortition", description="Fair lotteries for representative panels."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    common = _common()
    commands.add_parser("check", parents=[common], help="is a panel possible, and what would help")
    solve = commands.add_parser("solve", parents=[common], help="find the fairest lottery")
    _algorithm(solve)
    lottery = commands.add_parser("lottery", parents=[common], help="seal equally likely panels")
    _algorithm(lottery)
    lottery.add_argument("--panels", type=int, default=1000, help="how many (default 1000)")
    lottery.add_argument("--randomness", default="", help="in words: what will decide the draw")
    lottery.add_argument("--salt", help="for repeatable pseudonyms; random by default")
    _draw(commands)
    _panel_commands(commands, common)
    _outreach_commands(commands)
    return parser


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--targets",
        type=Path,
        required=True,
        help="CSV of targets, in people or per cent of the panel",
    )
    common.add_argument("--people", type=Path, required=True, help="CSV of the pool")
    common.add_argument("--size", type=int, required=True, help="people on the panel")
    common.add_argument("--id-column", help="column of the people's ids")
    common.add_argument("--address-columns", default="", help="comma-separated; one seat each")
    common.add_argument(
        "--leave-out",
        action="append",
        default=[],
        metavar="COLUMN=VALUE,VALUE",
        help="people not to be drawn; COLUMN= says that a column leaves out nobody",
    )
    _meanings(common)
    common.add_argument("--already-selected", type=Path, help="CSV of people already on the panel")
    _output(common)
    return common


def _meanings(common: argparse.ArgumentParser) -> None:
    """What columns and cells mean, where the file doesn't say it in the targets' words."""
    common.add_argument("--sheet", help="of a workbook of people; else the likeliest")
    common.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="FEATURE=COLUMN",
        help="which column holds a feature that has another name",
    )
    common.add_argument(
        "--value",
        action="append",
        default=[],
        metavar="FEATURE:CELL=VALUE",
        help="which value a cell stands for; no VALUE: no answer",
    )
    common.add_argument(
        "--no-answer",
        choices=("fault", "leave", "exclude"),
        default="fault",
        help="people who don't answer a feature: a fault, left out of its targets, or not drawn",
    )


def _output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seed", type=_whole, default=1, help="repeats the same result (default 1)"
    )
    parser.add_argument("--out", type=Path, help="folder to write to")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _time_limit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--time-limit", type=_seconds, help="seconds after which to stop")


def _algorithm(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--algorithm", choices=("leximin", "maximin"), default="leximin")
    _time_limit(parser)


def _draw(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    draw = commands.add_parser("draw", help="draw a sealed panel")
    draw.add_argument("directory", type=Path)
    source = draw.add_mutually_exclusive_group(required=True)
    source.add_argument("--dice", help="digits of ten-sided dice, such as 4,0,7")
    source.add_argument("--beacon", metavar="NAME:VALUE", help="a public beacon's value")
    draw.add_argument("--json", action="store_true", help="print one JSON object")
    commands.add_parser("verify", help="check a bundle; needs nothing but Python")


def _panel_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    replace = commands.add_parser(
        "replace", parents=[common], help="draw replacements; --already-selected: who stays"
    )
    _time_limit(replace)
    replace.add_argument("--dropped", type=Path, help="CSV of people who dropped out, by id")
    reserves = commands.add_parser(
        "reserves", parents=[common], help="choose reserves; --already-selected: the panel"
    )
    reserves.add_argument("--count", type=int, required=True, help="how many reserves")
    reserves.add_argument("--dropout", type=float, default=0.1, help="chance (default 0.1)")
    reserves.add_argument(
        "--dropout-by",
        action="append",
        default=[],
        metavar="FEATURE:VALUE=CHANCE",
        help="another chance for people with a value; may be repeated",
    )
    _seat(commands)


def _seat(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    seat = commands.add_parser("seat", help="seat people at tables over rounds")
    seat.add_argument("--people", type=Path, required=True, help="CSV of the people present")
    seat.add_argument("--id-column", help="column of the people's ids (default: the first)")
    seat.add_argument("--features", default="", help="comma-separated columns to spread")
    seat.add_argument("--table-size", "--size", type=int, default=8, help="default 8")
    seat.add_argument("--rounds", type=int, default=3, help="default 3")
    for name, form, text in (
        ("together", "A,B", "ids to keep at one table"),
        ("apart", "A,B", "ids never at one table"),
        ("fixed", "ID=TABLE", "someone's table in every round, from 1"),
        ("needs", "COLUMN:VALUE=TABLE,TABLE", "tables for people with a value, from 1"),
        ("never-alone", "COLUMN:VALUE", "at least two of a value at a table, or none"),
    ):
        seat.add_argument(f"--{name}", action="append", default=[], metavar=form, help=text)
    _output(seat)


def _outreach_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    invite = commands.add_parser("invite", help="draw addresses or people to invite")
    invite.add_argument("--people", type=Path, required=True, help="CSV list, a line an invitation")
    invite.add_argument("--size", type=int, required=True, help="invitations to send")
    invite.add_argument("--id-column", default="id", help="column of the lines' ids (default id)")
    invite.add_argument("--area-column", help="column of the areas")
    invite.add_argument("--address-columns", default="", help="for a person list: one per address")
    invite.add_argument("--rates", type=Path, help="CSV area,rate: registrations per invitation")
    invite.add_argument("--rate", type=float, default=0.05, help="rate elsewhere (default 0.05)")
    _output(invite)
    sample = commands.add_parser("sample-pool", help="make a realistic pool and its targets")
    sample.add_argument("--size", type=int, required=True, help="people in the pool")
    sample.add_argument("--panel", type=int, required=True, help="people on the panel")
    sample.add_argument("--features", type=int, default=6, help="1 to 8 (default 6)")
    _output(sample)
