"""Check a panel's evidence with the standard library only; the file travels with the evidence.

Run `python3 verify.py FOLDER_OR_ZIP [--head HASH]`: it reads the files, and changes nothing.
"""

import argparse
import csv
import hashlib
import io
import json
import runpy
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = "panel-app evidence 1"
MANIFEST = "manifest.json"
DRAW, BALLOTS, DRAW_CHECK = "draw", "ballots/", "verify_draw.py"
#: What the files of an archive may come to, in bytes: more is no evidence of ours.
LARGEST = 1_000_000_000

Files = Mapping[str, bytes]
#: Checks the files of a lottery: name to content, and gives (name, ok, message) for each check.
DrawCheck = Callable[[Files], Sequence[tuple[str, bool, str]]]


class Check(NamedTuple):
    """One thing checked: what, whether it holds, and a sentence about it."""

    name: str
    ok: bool
    message: str


def read(source: Path) -> dict[str, bytes]:
    """Return the files of a folder or zip, by path. Raises OSError, ValueError for neither."""
    if source.is_dir():
        paths = sorted(path for path in source.rglob("*") if path.is_file())
        return {path.relative_to(source).as_posix(): path.read_bytes() for path in paths}
    try:
        with zipfile.ZipFile(source) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise ValueError(f"{source} is too large to be evidence.")
            return {entry.filename: archive.read(entry) for entry in entries}
    except zipfile.BadZipFile:
        raise ValueError(f"{source} is neither a folder nor a zip.") from None


def check(files: Files, check_draw: DrawCheck, head: str | None = None) -> list[Check]:
    """Return every check of the evidence; ends early where the manifest can't be read."""
    try:
        manifest = json.loads(files[MANIFEST])
        sums, log = dict(manifest["files"]), manifest["log_head"]
        known = manifest["format"] == FORMAT
    except (LookupError, ValueError, TypeError) as fault:
        return [Check(MANIFEST, False, f"{MANIFEST} can't be read ({fault}).")]
    checks = [Check(MANIFEST, known, f"{MANIFEST} is of the format {FORMAT!r}.")]
    checks += _check_sums(files, sums)
    for folder in sorted({path.rpartition("/")[0] for path in files if path.startswith(BALLOTS)}):
        checks += _guarded(folder, lambda folder=folder: _check_ballot(files, folder))  # type: ignore[misc]
    for folder in sorted({path.partition("/")[0] for path in files if path.startswith(DRAW)}):
        start = f"{folder}/"
        lottery = {path[len(start) :]: files[path] for path in files if path.startswith(start)}
        checks += [Check(*found) for found in check_draw(lottery)]
    return [*checks, _check_head(log, head)]


def _check_sums(files: Files, sums: Mapping[str, str]) -> Iterator[Check]:
    for path in sorted(set(sums) - set(files)):
        yield Check(path, False, f"{path} is missing.")
    for path in sorted(set(files) - {*sums, MANIFEST}):
        yield Check(path, False, f"{path} is not part of the evidence.")
    both = sorted(set(sums) & set(files))
    changed = [path for path in both if hashlib.sha256(files[path]).hexdigest() != sums[path]]
    for path in changed:
        yield Check(path, False, f"{path} was changed: its SHA-256 is another.")
    if not changed:
        yield Check("files", True, f"{len(both)} files have the SHA-256 that {MANIFEST} names.")


def _check_ballot(files: Files, folder: str) -> Iterator[Check]:
    """Check what the fingerprint covers, and add up votes and costs anew."""
    told = json.loads(files[f"{folder}/ballot.json"])
    if not told["published"]:
        yield Check(folder, True, f"{folder}: fewer than five voted, so no vote is told.")
        return
    same = _fingerprint(told["covered"]) == told["fingerprint"]
    yield Check(folder, same, f"{folder}: votes, terms and receipts have their fingerprint.")
    shared = f"{folder}/lines.csv" in files
    yield from (_check_lines if shared else _check_projects)(files, folder, told["covered"])


def _check_lines(files: Files, folder: str, covered: Mapping[str, Any]) -> Iterator[Check]:
    papers: dict[str, dict[str, int]] = {}
    for row in _rows(files[f"{folder}/papers.csv"]):
        papers.setdefault(row["paper"], {})[row["line"]] = int(row["percent"])
    listed = [{line: part for line, part in paper.items() if part} for paper in papers.values()]
    same = listed == [{line: p for line, p in one.items() if p} for one in covered["papers"]]
    yield Check(folder, same, f"{folder}: papers.csv has the same {len(listed)} votes.")
    whole = all(sum(paper.values()) == 100 for paper in listed)
    yield Check(folder, whole, f"{folder}: each vote shares out 100 per cent.")
    shared = sum(int(row["amount_pence"]) for row in _rows(files[f"{folder}/lines.csv"]))
    pot = covered["terms"]["pot"]
    yield Check(folder, shared == pot, f"{folder}: the lines come to the pot of {pot} pence.")


def _check_projects(files: Files, folder: str, covered: Mapping[str, Any]) -> Iterator[Check]:
    papers = covered["papers"]
    listed = [row["projects"].split() for row in _rows(files[f"{folder}/papers.csv"])]
    yield Check(folder, listed == papers, f"{folder}: papers.csv has the same {len(papers)} votes.")
    votes = Counter(project for paper in papers for project in paper)
    rows = _rows(files[f"{folder}/projects.csv"])
    added = all(int(row["votes"]) == votes[row["project"]] for row in rows)
    yield Check(folder, added, f"{folder}: the projects' votes add up.")
    spent = sum(int(row["cost_pence"]) for row in rows if row["funded"] == "True")
    pot = covered["terms"]["pot"]
    yield Check(folder, spent <= pot, f"{folder}: {spent} of {pot} pence is spent.")


def _check_head(log: Mapping[str, Any], head: str | None) -> Check:
    said = f"The log's newest entry is number {log['number']}: {log['hash']}"
    return Check("log", head in (None, log["hash"]), said)


def _guarded(name: str, checks: Callable[[], Iterator[Check]]) -> list[Check]:
    """Return the findings; a file that can't even be read fails them."""
    try:
        return list(checks())
    except (ValueError, LookupError, TypeError, AttributeError, csv.Error) as fault:
        return [Check(name, False, f"{name} can't be read ({fault}).")]


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def _fingerprint(value: Any) -> str:
    """Return the SHA-256 of a value's canonical JSON: sorted keys, no spaces, plain letters."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _check_draw_beside(files: Files) -> Sequence[tuple[str, bool, str]]:
    """Check a lottery with the file that lies beside this one."""
    beside = runpy.run_path(str(Path(__file__).with_name(DRAW_CHECK)))
    found: Sequence[tuple[str, bool, str]] = beside["verify_bytes"](files)
    return found


def main(arguments: Sequence[str] | None = None, check_draw: DrawCheck = _check_draw_beside) -> int:
    """Check and print what was found; 0 when everything holds, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="verify", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "evidence", type=Path, help="the zip, or the folder that it was unpacked to"
    )
    parser.add_argument("--head", help="the log's head that you know from elsewhere")
    options = parser.parse_args(arguments)
    try:
        checks = check(read(options.evidence), check_draw, options.head)
    except (OSError, ValueError) as fault:
        checks = [Check(str(options.evidence), False, str(fault))]
    for each in checks:
        sys.stdout.write(f"{'ok    ' if each.ok else 'FAILED'} {each.message}\n")
    return 0 if all(each.ok for each in checks) else 1


if __name__ == "__main__":
    sys.exit(main())
