"""A small project whose feeds are loaded on schedule, from a source on this machine."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from leadline.runs import Runs
from tests.desks import SmallDesk, small_desk
from tests.doors import ROOT
from tests.sites import Answer, Asked, Site
from tests.stores import FINRA_HEADER, calendar

FILES = (
    "sql/tables/schedule_runs.sql", "sql/tables/short_volume.sql",
    "sql/views/curated/schedule_runs.v1.sql", "sql/views/ops/runs.v1.sql",
    "loaders/finra_short_volume.py",
)  # fmt: skip
FEED = "finra_short_volume"
_NAME = re.compile(r"/(?P<facility>\w{4})shvol(?P<day>\d{8})\.txt")


class Shorts(Site):
    """FINRA's files of short volume: one a facility and weekday, of two rows."""

    def __init__(self) -> None:
        super().__init__()
        self.failing = 0  # how many answers are 503 before it is well again

    def answer(self, asked: Asked) -> Answer:
        found = _NAME.search(asked.path)
        if self.failing:
            self.failing -= 1
            return Answer(503, b"")
        if not found or datetime.strptime(found["day"], "%Y%m%d").weekday() > 4:
            return Answer(404, b"")
        rows = [f"{found['day']}|{symbol}|10|0|100|Q" for symbol in ("A", "B")]
        return Answer(body="\n".join([FINRA_HEADER, *rows, "2", ""]).encode())

    @property
    def days(self) -> list[str]:
        """Which days were asked for, each once, in order."""
        return list(dict.fromkeys(name[-12:-4] for name in self.names))


def scheduled_desk(root: Path, site: str = "", *more: str) -> SmallDesk:
    """Lay out the project; the source is asked at this address."""
    desk = small_desk(root)
    for path in FILES:
        desk.write(path, (ROOT / path).read_text())
    lines = ["[addresses]", f'"https://cdn.finra.org" = "{site}"'] if site else []
    desk.write("leadline.toml", "\n".join([*lines, *more, ""]))
    today = datetime.now(UTC).date()
    rows = calendar(today - timedelta(days=60), today + timedelta(days=60))
    desk.load("sessions", rows, feed="calendars")
    return desk


@contextmanager
def runs_of(desk: SmallDesk) -> Iterator[Runs]:
    """Open the book of a project's scheduler, as a process of its own does."""
    with ExitStack() as opened:
        house = opened.enter_context(desk.warehouse())
        yield Runs(house, opened.enter_context(desk.store()))
