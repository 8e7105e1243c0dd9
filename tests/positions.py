"""Real managers' positions, quarter by quarter, as somebody made them of their 13F filings."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

FOLDER = "sec_13f_positions_by_manager"
QUARTERS = {
    "2025Q1": date(2025, 3, 31), "2025Q2": date(2025, 6, 30),
    "2025Q3": date(2025, 9, 30), "2025Q4": date(2025, 12, 31),
}  # fmt: skip
SCALES = {"K": 1_000, "M": 1_000_000, "B": 1_000_000_000}


def changes(real: Path, quarter: str, name: str) -> list[dict[str, str]]:
    """Return the lines of a manager's quarter, closed positions too, without the totals."""
    with (real / FOLDER / quarter / name).open() as file:
        return [row for row in csv.DictReader(file) if row["CUSIP"] != "Total"]


def held(real: Path, quarter: str, name: str) -> list[dict[str, str]]:
    """Return what the manager held at the quarter's end."""
    return [row for row in changes(real, quarter, name) if row["Delta"] != "CLOSE"]


def dollars(text: str) -> int:
    """Read `24.31M`."""
    scale = SCALES.get(text[-1:], 1)
    return round(Decimal(text.rstrip("KMB").replace(",", "") or 0) * scale)
