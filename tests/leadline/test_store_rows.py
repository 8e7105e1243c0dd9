"""Rows of every form are the same rows, and a broken one harms no other."""

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from leadline.file import files
from leadline.publication import Publication
from leadline.store import Store
from loaders import finra_short_volume
from tests.publications import DAY, PUBLISHED, WHAT, A, as_seen, in_force, random_lines
from tests.stores import (
    ask,
    contracts,
    finra,
    load_finra,
    load_sessions,
    opened,
    seen,
)

VALUES = {
    "session_date": DAY, "known_at": PUBLISHED, "facility": "CNMS", "market": "Q",
}  # fmt: skip


STORED = (*contracts()["short_volume"].names, "known_at", "known_date", "sequence", "source")


def dicts() -> list[dict[str, Any]]:
    rows = []
    for line in A:
        symbol, short, exempt, total = line.split("|")
        amounts = zip(
            ("short_volume", "short_exempt_volume", "total_volume"),
            map(Decimal, (short, exempt, total)),
            strict=True,
        )
        rows.append({**VALUES, "source_symbol": symbol, "symbol": symbol, **dict(amounts)})
    return rows


def arrow() -> pa.Table:
    rows = dicts()
    return pa.table({name: [row[name] for row in rows] for name in rows[0]})


@pytest.mark.parametrize("form", ["dicts", "table", "batches", "batch by batch"])
def test_rows_of_every_form_are_the_same_rows(
    store: Store, place: Path, tmp_path: Path, form: str
) -> None:
    load_finra(store, finra(tmp_path, DAY, A))
    relation = seen(ask(place, "raw.short_volume"), *STORED)
    given: dict[str, list[Any]] = {
        "dicts": [dicts()],
        "table": [arrow()],
        "batches": arrow().to_batches(),
        "batch by batch": [[row] for row in dicts()],
    }
    with opened(tmp_path / form) as other:
        load_sessions(other)
        batches = [("short_volume", rows) for rows in given[form]]
        own = Publication("finra_short_volume", "all", ("short_volume",), batches, "here")

        loaded = other.load(own)

    assert loaded.n_rows == 3
    assert seen(ask(tmp_path / form, "raw.short_volume"), *STORED) == relation


def test_how_rows_are_cut_into_batches_is_no_change(store: Store) -> None:
    whole = [("short_volume", dicts())]
    cut = [("short_volume", [row]) for row in dicts()]
    names = ("finra_short_volume", "2024-03-01", ("short_volume",))
    store.load(Publication(*names, whole, "here"))

    again = store.load(Publication(*names, cut, "here"))

    assert again.is_new is False


def test_two_relations_of_one_dataset_are_held_against_one_another(
    store: Store, place: Path, tmp_path: Path
) -> None:
    first = finra(tmp_path / "a", DAY, A)
    second = finra(tmp_path / "b", DAY, ["AA|10|0|100", "BB|99|0|200", "DD|1|0|1"])
    found = [files([path], lambda name: True)[0][0] for path in (first, second)]
    batches = [batch for file in found for batch in finra_short_volume.rows(file)]

    loaded = store.load(
        Publication("finra_short_volume", "both", ("short_volume",), batches, "here", "hash")
    )
    for file in found:
        file.close()

    assert (loaded.n_rows, loaded.n_rejected) == (4, 1)
    rows = ask(place, "raw.short_volume")
    assert seen(rows, "sequence", *WHAT) == [
        (1, "AA", Decimal(10)), (2, "BB", Decimal(20)), (3, "CC", Decimal(30)),
        (6, "DD", Decimal(1)),
    ]  # fmt: skip
    assert ask(place, "raw.rejected")[0]["position"] == 5


BROKEN = {
    "it can't be read": "{day}|ZZ|x|0|1|Q",
    "it breaks a check": "{day}|ZZ|2|0|1|Q",
    "it misses a value": "{day}||2|0|2|Q",
    "it repeats a key with other values": "{day}|S0|123456|0|999999|Q",
    "it has a column too many": "{day}|ZZ|1|0|1|Q|Q",
}


@pytest.mark.parametrize("what", BROKEN)
@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.soak) for n in (1, 2))])
def test_the_rows_beside_a_broken_one_are_the_rows_of_a_clean_file(
    tmp_path: Path, what: str, seed: int
) -> None:
    chance = random.Random(f"{what} {seed}")
    n_rows = chance.choice([1, 7, 300, 2_500])
    text = [f"{DAY:%Y%m%d}|{line}|Q" for line in random_lines(chance, n_rows)]
    broken = [*text, BROKEN[what].format(day=f"{DAY:%Y%m%d}")]
    rows = {}
    for name, content in (("clean", text), ("broken", broken)):
        with opened(tmp_path / name) as store:
            load_sessions(store)
            (loaded,) = load_finra(store, finra(tmp_path / f"{name}-files", DAY, content))
        rows[name] = seen(ask(tmp_path / name, "raw.short_volume"), *STORED)

    assert loaded.n_rejected == 1
    assert len(rows["clean"]) == n_rows
    assert rows["broken"] == rows["clean"]


def test_equal_rows_of_a_file_count_once(store: Store, place: Path, tmp_path: Path) -> None:
    (loaded,) = load_finra(store, finra(tmp_path, DAY, [*A, *A]))

    assert (loaded.n_rows, loaded.n_rejected) == (3, 0)
    assert in_force(place) == as_seen(A)
