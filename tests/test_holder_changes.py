"""Positions of real managers over quarters, held against what others made of their filings.

70 managers' quarters of 2025 with somebody's changes beside them, and one manager's three tables
of 2012, which were plain text.
"""

import re
import shutil
from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from leadline import clock
from tests.doors import door
from tests.positions import FOLDER, QUARTERS, changes
from tests.stores import load_files, opened

pytestmark = pytest.mark.real
TEXTS = {  # of 2012, in their order
    date(2012, 3, 31): "0000909012-12-000274.txt",
    date(2012, 6, 30): "0000909012-12-000357.txt",
    date(2012, 9, 30): "0000909012-12-000436.txt",
}
# Issuer, class, CUSIP (one has blanks), value in thousands, shares: columns of one manager.
LINE = re.compile(r"(?P<cusip>[0-9A-Z]{6} ?[0-9A-Z]{2} ?[0-9])\s+(?P<value>\d+)\s+(?P<n>\d+)\s+SH")


def asked(folder: Path, *loads: tuple[str, Path]) -> list[dict[str, Any]]:
    """Load files into a store of their own, and ask for every change."""
    with opened(folder) as store:
        for feed, path in loads:
            load_files(store, feed, path)
    with door(folder) as house:
        answer = house.ask("features.holder_changes", clock.BEGINNING, clock.FOREVER)
        return list(answer.to_arrow_table().to_pylist())


@pytest.mark.parametrize("every", [pytest.param(1, marks=pytest.mark.soak), 24])
def test_every_change_is_the_one_that_others_made_of_the_same_filings(
    real: Path, tmp_path: Path, every: int
) -> None:
    names = sorted(path.name for path in (real / FOLDER / "2025Q1").iterdir())[::every]
    for quarter in QUARTERS:
        (tmp_path / FOLDER / quarter).mkdir(parents=True)
        for name in names:
            shutil.copy(real / FOLDER / quarter / name, tmp_path / FOLDER / quarter)
    shutil.copy(real / FOLDER / "hedge_funds.csv", tmp_path / FOLDER)
    rows = asked(tmp_path / "store", ("holdings_csv", tmp_path / FOLDER))
    found = {(row["manager"], row["period_end"], row["cusip"]): row for row in rows}

    compared: Counter[str] = Counter()
    odd = []
    for quarter, period_end in list(QUARTERS.items())[1:]:
        for name in names:
            manager = name.removesuffix(".csv").replace("_", " ")
            for line in changes(real, quarter, name):
                row = found.get((manager, period_end, line["CUSIP"]))
                if row is None or not is_said(row, line):
                    odd.append((manager, quarter, line, row))
                compared[row["holder_change"] if row else "missing"] += 1

    assert odd == []
    assert sum(compared.values()) == len(rows) == len(found)
    assert len(rows) > 8_000 / every
    assert compared.keys() == {"new", "increased", "decreased", "sold_out", "unchanged"}


def is_said(row: dict[str, Any], line: dict[str, str]) -> bool:
    """Say whether a row is the change of a line; the reference rounds its percentage to 0.1."""
    words = {"NEW": "new", "CLOSE": "sold_out", "NO CHANGE": "unchanged"}
    if row["d_shares"] != int(line["Delta_Shares"]):
        return False
    if line["Delta"] in words:
        return bool(row["holder_change"] == words[line["Delta"]])
    percent = float(line["Delta"].rstrip("%").replace(",", ""))
    moved = "increased" if int(line["Delta_Shares"]) > 0 else "decreased"
    if abs(percent) == 0.5:  # the bound itself, rounded
        return row["holder_change"] in ("unchanged", moved)
    return bool(row["holder_change"] == (moved if abs(percent) > 0.5 else "unchanged"))


def test_every_change_of_the_tables_of_text_is_what_their_lines_say(
    real: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "edgar" / "data" / "1234567"
    folder.mkdir(parents=True)
    told: dict[date, dict[str, int]] = {}
    for period_end, name in TEXTS.items():
        shutil.copy(real / "sec_13f_text_2012" / name, folder)
        shares: dict[str, int] = defaultdict(int)
        for line in LINE.finditer((folder / name).read_text()):
            shares[line["cusip"].replace(" ", "")] += int(line["n"])
        told[period_end] = shares

    rows = asked(tmp_path / "store", ("sec_13f_text", folder))

    found = {(row["period_end"], row["cusip"]): int(row["d_shares"]) for row in rows}
    assert found == {
        (period_end, cusip): told[period_end].get(cusip, 0) - told[before].get(cusip, 0)
        for before, period_end in pairwise(TEXTS)
        for cusip in told[before].keys() | told[period_end].keys()
    }
    assert len(found) > 2_000
    assert {row["share_type"] for row in rows} == {"SH"}
