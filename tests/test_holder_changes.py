"""Positions of 70 real managers over four quarters, held against what others made of them."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leadline import clock
from leadline.publication import Publication
from tests.doors import door
from tests.positions import FOLDER, QUARTERS, changes, dollars, held

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def managers(real: Path) -> dict[str, str]:
    """Return the managers of all quarters, each with a number of its own."""
    names = sorted(path.name for path in (real / FOLDER / "2025Q1").iterdir())
    return {name: f"{number:010}" for number, name in enumerate(names, 1)}


@pytest.fixture(scope="module")
def place(real: Path, managers: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load each quarter's shares as filings of its managers."""
    folder = tmp_path_factory.mktemp("holders") / "store"
    with door(folder) as house:
        for quarter, period_end in QUARTERS.items():
            filed_at = datetime(period_end.year, period_end.month, 1, tzinfo=UTC)
            filed_at += timedelta(days=75)
            filings, holdings = [], []
            for name, cik in managers.items():
                number = f"{cik}-25-00000{quarter[-1]}"
                filings.append(filing(number, cik, name.removesuffix(".csv"), period_end, filed_at))
                rows = held(real, quarter, name)
                holdings += [holding(number, *row, filed_at) for row in enumerate(rows, 1)]
            batches = [("holdings", holdings), ("filings", filings)]
            house.store.load(
                Publication("composed", quarter, ("holdings", "filings"), batches, quarter)
            )
    return folder


def filing(
    number: str, cik: str, manager: str, period_end: date, filed_at: datetime
) -> dict[str, Any]:
    """Return an original report."""
    return {
        "accession_no": number, "cik": cik, "manager": manager, "form_type": "13F-HR",
        "report_type": "13F HOLDINGS REPORT", "period_end": period_end,
        "filed_date": filed_at.date(), "accepted_at": filed_at,
        "amendment_kind": "ORIGINAL", "known_at": filed_at,
    }  # fmt: skip


def holding(number: str, line: int, row: dict[str, str], filed_at: datetime) -> dict[str, Any]:
    """Return a position as a row of a table."""
    return {
        "accession_no": number, "line": line, "issuer": row["Company"], "class_title": "COM",
        "cusip": row["CUSIP"], "share_type": "SH", "shares": int(row["Shares"]),
        "value_reported": dollars(row["Value"]), "known_at": filed_at,
    }  # fmt: skip


def test_every_change_is_the_one_that_others_made_of_the_same_filings(
    real: Path, place: Path, managers: dict[str, str]
) -> None:
    with door(place) as house:
        answer = house.ask("features.holder_changes", clock.BEGINNING, clock.FOREVER)
        rows = answer.to_arrow_table().to_pylist()
    found = {(row["cik"], row["period_end"], row["cusip"]): row for row in rows}

    compared: Counter[str] = Counter()
    odd = []
    for quarter, period_end in list(QUARTERS.items())[1:]:
        for name, cik in managers.items():
            for line in changes(real, quarter, name):
                row = found.get((cik, period_end, line["CUSIP"]))
                if row is None or not is_said(row, line):
                    odd.append((name, quarter, line, row))
                compared[row["holder_change"] if row else "missing"] += 1

    assert odd == []
    assert sum(compared.values()) == len(rows) == len(found)
    assert len(rows) > 10_000
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
