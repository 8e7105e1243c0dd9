"""The securities master over any history of sources: what is believed of a day at a moment."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from leadline.clock import BEGINNING, FOREVER
from tests.desks import load_into
from tests.doors import door
from tests.stores import opened

Row = Mapping[str, Any]
PLACES = {"securities_csv": 1, "openfigi": 2, "sec_fails": 3, "sec_13f_list": 4, "another": 9}
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
DAYS = [date(2024, 1, n) for n in range(1, 9)]


def told(chance: Random, known_at: datetime) -> list[dict[str, Any]]:
    """Return what a source may tell at a moment, each CUSIP and first day once."""
    rows = {}
    for _ in range(chance.randrange(1, 5)):
        since = chance.choice(DAYS[:-2])
        until = chance.choice([None, None, chance.choice(DAYS)])
        row = {
            "cusip": chance.choice(("037833100", "084670702")),
            "ticker": chance.choice((None, "A", "B")),
            "issuer": chance.choice((None, "ONE", "TWO")),
            "valid_from": since,
            "valid_to": until if until and until > since else None,
            "known_at": known_at,
        }
        rows[row["cusip"], since] = row
    return list(rows.values())


def believed(rows: list[Row], moment: datetime, day: date, cusip: str, column: str) -> Any:
    """Return what the best source that tells something of a day says of it at a moment."""
    newest: dict[tuple[Any, ...], Row] = {}
    for row in sorted(rows, key=lambda row: (row["known_at"], row["recorded_at"], row["load_id"])):
        if row["cusip"] == cusip and row["known_at"] <= moment:
            newest[row["valid_from"], row["source"]] = row
    standing = [
        row
        for row in newest.values()
        if not row["is_gone"] and row[column] is not None and row["valid_from"] <= day
        and (row["valid_to"] is None or day < row["valid_to"])
    ]  # fmt: skip
    best = min(standing, key=lambda row: (PLACES[row["source"]], -row["valid_from"].toordinal()),
               default=None)  # fmt: skip
    return best and best[column]


@pytest.mark.parametrize("seed", [1, *[pytest.param(n, marks=pytest.mark.soak) for n in range(40)]])
def test_each_day_is_what_the_best_source_said_by_then_and_nothing_later_changes_it(
    tmp_path: Path, seed: int
) -> None:
    chance = Random(seed)
    with opened(tmp_path / "store") as store:
        for n in range(9):
            at = FIRST + timedelta(hours=6 * n)
            load_into(store, "securities", told(chance, at), chance.choice(sorted(PLACES)))
    with door(tmp_path / "store") as house:

        def rows(view: str, until: datetime = FOREVER) -> list[Row]:
            return list(house.ask(view, BEGINNING, until).to_arrow_table().to_pylist())

        raw, found = rows("raw.securities"), rows("curated.securities")
        moments = sorted({row["known_at"] for row in raw})
        cut = moments[len(moments) // 2]
        before = rows("curated.securities", cut)

    n_named = 0
    for moment in moments:
        for day in DAYS:
            for cusip in ("037833100", "084670702"):
                own = [
                    row
                    for row in found
                    if row["cusip"] == cusip and row["known_at"] <= moment
                    and (row["withdrawn_at"] is None or moment < row["withdrawn_at"])
                    and row["valid_from"] <= day
                    and (row["valid_to"] is None or day < row["valid_to"])
                ]  # fmt: skip
                assert len(own) <= 1
                for column in ("ticker", "issuer"):
                    wanted = believed(raw, moment, day, cusip, column)
                    assert (own[0][column] if own else None) == wanted
                    n_named += wanted is not None
    assert n_named > 50
    assert sorted(map(str, before)) == sorted(
        str({**row, "withdrawn_at": none_from(row["withdrawn_at"], cut)})
        for row in found if row["known_at"] < cut
    )  # fmt: skip


def none_from(moment: datetime | None, cut: datetime) -> datetime | None:
    """Return a moment that was known before another one, or None."""
    return moment if moment and moment < cut else None
