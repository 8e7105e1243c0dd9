"""What the page on notebooks tells people to run, runs."""

import re
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.desks import SmallDesk, at, run, small_desk
from tests.doors import ROOT
from tests.stores import calendar

PAGE = (ROOT / "docs" / "notebooks.md").read_text()
FILES = ("sql/tables/short_volume.sql", "sql/views/curated/short_volume.v1.sql")


def blocks(kind: str) -> list[str]:
    """Return what stands on the page in a language."""
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    desk = small_desk(tmp_path_factory.mktemp("notebooks") / "desk")
    for path in FILES:
        desk.write(path, (ROOT / path).read_text())
    desk.load("sessions", calendar(date(2024, 2, 1), date(2024, 3, 1)), feed="calendars")
    rows = [
        {
            "session_date": date(2024, 2, 12 + n), "facility": "CNMS", "source_symbol": "ALFA",
            "symbol": "ALFA", "short_volume": 10 + n, "short_exempt_volume": 0,
            "total_volume": 100, "market": "Q", "known_at": at("01 23:00") - timedelta(18 - n),
        }
        for n in range(4)
    ]  # fmt: skip
    desk.load("short_volume", rows)
    return desk


@pytest.fixture(scope="module")
def folder(desk: SmallDesk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write what the page says is written before."""
    folder = tmp_path_factory.mktemp("files")
    for form in ("csv", "parquet"):
        path = folder / f"shorts.{form}"
        run(desk.root, "sql", "from curated.short_volume", "--format", form, "-o", path)
    return folder


@pytest.fixture
def _there(desk: SmallDesk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("LEADLINE_PROJECT", str(desk.root))


# DuckDB 2.0 asks pandas 3.1 for something by a name that is going away.
@pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame.drop")
@pytest.mark.usefixtures("_there")
def test_the_recipes_in_python_run(capsys: pytest.CaptureFixture[str]) -> None:
    found: dict[str, Any] = {}

    for block in blocks("python"):
        exec(block, found)

    assert list(found["frame"].columns)[:2] == ["session_date", "symbol"]
    assert found["table"].num_rows == found["n_rows"] == 4
    assert sorted(found["mine"].symbol) == ["ALFA", "BETA"]
    assert capsys.readouterr().out.startswith("from curated.short_volume ")


@pytest.mark.skipif(not shutil.which("sqlite3"), reason="sqlite3 is not installed")
@pytest.mark.usefixtures("_there")
def test_sqlite_takes_the_rows() -> None:
    (line,) = (line for block in blocks("sh") for line in block.splitlines() if "sqlite3" in line)

    done = subprocess.run(line, shell=True, capture_output=True, text=True)

    assert (done.stdout, done.stderr) == ("4\n", "")


@pytest.mark.skipif(not shutil.which("Rscript"), reason="R is not installed")
@pytest.mark.usefixtures("_there")
def test_r_reads_the_rows_and_their_moments() -> None:
    (block,) = blocks("r")
    code = re.sub(r'paste\(address, span, sep = "&"\)', '"shorts.csv"', block)

    done = subprocess.run(
        ["Rscript", "-e", f'{code}\ncat(nrow(rows), format(max(rows$known_at), "%m-%d %H:%M"))'],
        capture_output=True, text=True,
    )  # fmt: skip

    assert (done.stdout, done.returncode) == ("4 02-15 23:00", 0)
