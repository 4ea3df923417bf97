"""A stop loses nothing: at every step of every stage the best lottery so far comes back."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from itertools import count, product
from pathlib import Path

import pytest

from sortition.api import make_lottery, settle, solve
from sortition.bundle import seal
from sortition.cli import panels as command
from sortition.cli.main import main
from sortition.lotteries import Distribution
from sortition.progress import Progress, Stopped, Watch
from sortition.verify import verify_files
from tests.sortition.pools import Case, case_of, sample_case, slack_case, tight_pool

ROOT = Path(__file__).parents[2]
_STEP = Watch.step

#: Pools whose runs pass through every stage: peeling, writing in panels, cover, and generation;
#: lotteries straight from the relaxation, and from exact weights; and explaining who is left out.
CASES: dict[str, Callable[[], Case]] = {
    "peeled": lambda: sample_case(26, 6, 2),
    "written": lambda: slack_case(405, households=True),
    "generated": lambda: slack_case(308, households=False),
    "generated with households": lambda: slack_case(264, households=True),
    "tight": lambda: tight_pool(24, 6, 4, seed=2),
    "left out": lambda: case_of(
        [("a",), ("a",), ("b",), ("c",)],
        [("f0", "a", 1, 2), ("f0", "b", 0, 1), ("f0", "c", 0, 0)],
        2,
    ),
}


class _StopAt:
    """Progress that stops a run at step number `at` and notes the stages it has seen."""

    def __init__(self, at: int | None = None) -> None:
        self.at, self.steps, self.stages = at, 0, list[str]()

    def __call__(self, progress: Progress) -> None:
        self.stages.append(progress.stage)
        self.steps += 1
        if self.steps == self.at:
            raise Stopped("cancelled")


def _run(case: Case, question: str, watch: Callable[[Progress], None]) -> object:
    if question == "lottery":
        return make_lottery(case.pool, case.targets, case.size, panels=30, seed=1, progress=watch)
    return solve(case.pool, case.targets, case.size, algorithm=question, seed=1, progress=watch)


def _assert_is_a_lottery(best: Distribution | None) -> None:
    assert best is not None
    assert best.panels
    assert all(best.model.is_valid(panel) for panel in best.panels)
    assert all(weight > 0 for weight in best.weights)
    assert sum(best.probabilities.values()) == Fraction(best.model.size)


@pytest.mark.parametrize(
    ("name", "question"),
    [*product(CASES, ("leximin", "lottery")), ("generated", "maximin")],
)
def test_a_stop_at_any_step_leaves_the_best_lottery_so_far(name: str, question: str) -> None:
    case, whole = CASES[name](), _StopAt()
    _run(case, question, whole)
    assert whole.steps
    for at in range(1, whole.steps + 1):
        with pytest.raises(Stopped) as stopped:
            _run(case, question, _StopAt(at))
        best = stopped.value.best
        _assert_is_a_lottery(best)
        assert best is not None
        assert stopped.value.reason == "cancelled"
        assert best.min_probability <= best.upper_bound + 1e-7


@pytest.mark.parametrize("time_limit", [None, 0.0])
@pytest.mark.parametrize("name", ["peeled", "generated", "generated with households", "left out"])
def test_what_a_stop_leaves_becomes_a_lottery_that_verifies(
    name: str, time_limit: float | None
) -> None:
    case, whole = CASES[name](), _StopAt()
    _run(case, "lottery", whole)
    for at in {1, 2, whole.steps // 2, whole.steps - 1, whole.steps} - {0}:
        with pytest.raises(Stopped) as stopped:
            _run(case, "lottery", _StopAt(at))
        assert stopped.value.best is not None
        made = settle(stopped.value.best, panels=30, seed=1, time_limit=time_limit)
        assert len(made.panels) == 30
        assert [check for check in verify_files(seal(made).files) if not check.ok] == []


def test_the_pools_reach_every_stage() -> None:
    seen: set[str] = set()
    for make in CASES.values():
        for question in ("leximin", "lottery"):
            watch = _StopAt()
            _run(make(), question, watch)
            seen |= set(watch.stages)
    assert seen == {"levels", "panels", "cover", "lottery", "changes"}


def test_what_a_stop_leaves_gets_no_worse() -> None:
    case, whole = CASES["written"](), _StopAt()
    _run(case, "leximin", whole)
    least = []
    for at in range(1, whole.steps + 1):
        with pytest.raises(Stopped) as stopped:
            _run(case, "leximin", _StopAt(at))
        assert stopped.value.best is not None
        least.append(stopped.value.best.min_probability)
    assert least[-1] > 0
    assert least[-1] == max(least)


@pytest.mark.parametrize("question", ["solve", "lottery"])
def test_the_command_exits_4_with_the_result_saved_whenever_it_is_stopped(
    question: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = [question, *_files(CASES["generated"](), tmp_path), "--id-column", "id"]
    arguments += ["--panels", "20"] if question == "lottery" else []
    code, at = 4, 0
    while code == 4:
        at += 1
        monkeypatch.setattr(Watch, "step", _signal_at(at))
        out = tmp_path / str(at)
        code = main([*arguments, "--out", str(out)])
        assert (out / command.SAVED[0]).exists() is (code == 4 or question == "solve")
        if code == 4:
            assert json.loads((out / command.SAVED[0]).read_text())["panels"]
            assert (out / command.SAVED[1]).exists()
    assert code == 0
    assert at > 10


def _signal_at(at: int) -> Callable[[Watch, str, float], None]:
    """A watch's step that asks the process to end when it is called the `at`th time."""
    calls = count(1)

    def step(watch: Watch, stage: str, done: float = 0.0) -> None:
        if next(calls) == at:
            signal.raise_signal(signal.SIGTERM)
        _STEP(watch, stage, done)

    return step


def _files(case: Case, folder: Path) -> list[str]:
    from sortition.verify import csv_text

    header = ["feature", "value", "min", "max"]
    rows = [[t.feature, t.value, t.minimum, t.maximum] for t in case.targets]
    (folder / "targets.csv").write_text(csv_text(header, rows))
    people = [[p.id, " ".join(p.address or ()), *p.values] for p in case.pool]
    header = ["id", "home", *case.targets.features]
    (folder / "people.csv").write_text(csv_text(header, people))
    given = ["--targets", str(folder / "targets.csv"), "--people", str(folder / "people.csv")]
    return [*given, "--size", str(case.size), "--address-columns", "home"]


def test_a_real_signal_ends_a_real_run_with_the_result_saved(tmp_path: Path) -> None:
    files = _files(sample_case(3000, 100, 8), tmp_path)
    out = tmp_path / "out"
    run = subprocess.Popen(
        [sys.executable, "-m", "sortition", "solve", *files, "--out", str(out)],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
        text=True,
    )
    while run.poll() is None and not _catches_sigterm(run.pid):
        time.sleep(0.01)
    run.send_signal(signal.SIGTERM)
    _, told = run.communicate(timeout=60)
    assert run.returncode == 4, told
    assert "Cancelled." in told
    assert json.loads((out / "distribution.json").read_text())["panels"]


def _catches_sigterm(pid: int) -> bool:
    """Whether a process has set up what it does when it is asked to end."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


def test_no_time_at_all_still_leaves_a_panel(tmp_path: Path) -> None:
    files = _files(sample_case(60, 8, 3), tmp_path)
    assert main(["solve", *files, "--time-limit", "0", "--out", str(tmp_path / "out")]) == 4
    saved = json.loads((tmp_path / "out" / "distribution.json").read_text())
    assert [panel["weight"] for panel in saved["panels"]] == [1]
