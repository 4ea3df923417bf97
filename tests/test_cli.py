"""The `panel-app` command does what the README says, on a real database in a folder."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from panel_app.cli import main

SECRET = "a secret for the command's tests, long"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a deployment's folder, with the environment that leads there."""
    monkeypatch.setenv("PANEL_ENV", "development")
    monkeypatch.setenv("PANEL_SECRET_KEY", SECRET)
    monkeypatch.setenv("PANEL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'panel.db'}")
    monkeypatch.delenv("REDIS_URL", raising=False)
    mask = os.umask(0o022)
    run("db", "upgrade")
    yield tmp_path
    os.umask(mask)


def run(*arguments: str, code: int = 0) -> Result:
    """Call the command and expect an exit code."""
    answer = CliRunner().invoke(main, list(arguments))
    assert answer.exit_code == code, answer.output
    return answer


def create_user(email: str, password: str = "a long enough password", code: int = 0) -> Result:
    return run("user", "create", email, "--name", "Ada", "--password", password, code=code)


def emails(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "panel.db") as connection:
        return [row[0] for row in connection.execute("SELECT email FROM staff_user ORDER BY id")]


def test_account_is_made_once(folder: Path) -> None:
    assert "/staff/login" in create_user("ada@example.org").output
    assert "already" in create_user("ada@example.org", code=1).output
    assert emails(folder) == ["ada@example.org"]


def test_short_password_is_refused(folder: Path) -> None:
    assert "12" in create_user("ada@example.org", password="short", code=1).output
    assert emails(folder) == []


@pytest.mark.parametrize(
    "address", ["ada", "ada@", "@example.org", "ada@example", "a b@example.org"]
)
def test_address_that_nobody_could_sign_in_with_is_refused(folder: Path, address: str) -> None:
    assert "name@example.org" in create_user(address, code=1).output
    assert emails(folder) == []


def test_what_is_made_is_for_its_owner_alone(folder: Path) -> None:
    run("backup", str(folder / "copy.db"))
    for name in ("panel.db", "jobs.db", "copy.db"):
        assert (folder / name).stat().st_mode & 0o077 == 0, name


def test_database_without_tables_is_told_without_a_traceback(folder: Path) -> None:
    (folder / "panel.db").unlink()
    answer = run("verify-log", code=1)
    assert "panel-app check" in answer.output
    assert "Traceback" not in answer.output


def test_unknown_panel_is_refused(folder: Path) -> None:
    answer = run(
        "user", "create", "a@b.example", "--name", "A", "--panel", "nowhere",
        "--password", "a long enough password", code=1,
    )  # fmt: skip
    assert "nowhere" in answer.output


def test_log_verifies_until_it_is_altered(folder: Path) -> None:
    create_user("ada@example.org")
    assert "unbroken" in run("verify-log").output
    with sqlite3.connect(folder / "panel.db") as connection:
        connection.execute("UPDATE audit_entry SET action = 'nothing' WHERE number = 1")
    assert "broken at entry 1" in run("verify-log", code=1).output


def test_backup_comes_back(folder: Path) -> None:
    create_user("ada@example.org")
    run("backup", str(folder / "copy.db"))
    create_user("eve@example.org")
    run("restore", str(folder / "copy.db"), "--yes")
    assert emails(folder) == ["ada@example.org"]


def test_damaged_backup_is_refused(folder: Path) -> None:
    create_user("ada@example.org")
    run("backup", str(folder / "copy.db"))
    damaged = bytearray((folder / "copy.db").read_bytes())
    damaged[4096:8192] = b"\xff" * 4096
    (folder / "copy.db").write_bytes(damaged)
    run("restore", str(folder / "copy.db"), "--yes", code=1)
    assert emails(folder) == ["ada@example.org"]


def test_check_is_ready_or_says_why(folder: Path) -> None:
    assert "Ready" in run("check").output
    with sqlite3.connect(folder / "panel.db") as connection:
        connection.execute("DELETE FROM alembic_version")
    run("check", code=1)


def test_unsafe_settings_are_told_without_a_traceback(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANEL_ENV", "production")
    answer = run("serve", code=1)
    assert "PANEL_PUBLIC_URL" in answer.output
    assert "Traceback" not in answer.output


def test_counting_imports_neither_flask_nor_a_database() -> None:
    code = (
        "import sys; from panel_app.cli import main\n"
        "main(['count', '--help'], standalone_mode=False)\n"
        "assert not {'flask', 'sqlalchemy'} & set(sys.modules), 'too much is imported'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)
