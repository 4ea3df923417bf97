"""The minute's round of lotteries: those that died are given up, forgotten ones queued again."""

from __future__ import annotations

from flask import Flask
from huey import Huey, crontab

from panel_app.recruitment import lotteries


def init_app(app: Flask) -> None:
    """Put the round into the job process's timetable."""
    huey: Huey = app.extensions["huey"]

    @huey.periodic_task(crontab(), name="lotteries-alive")  # type: ignore[untyped-decorator]
    def round_of_the_minute() -> None:
        with app.app_context():
            lotteries.tidy()
