"""One process loads, one compacts, eight ask: nobody sees half a load, and nothing goes back."""

import time
from datetime import date
from functools import partial
from pathlib import Path

from leadline.clock import BEGINNING, FOREVER
from leadline.upkeep import compact
from tests.forks import together
from tests.stores import door, finra, lines, load_finra, load_sessions, opened

N_ROWS = 50
N_ASKING = 8
SECONDS = 1


def loading(place: Path, done: Path) -> int:
    """Load for a while, at least five files; return how many."""
    until, n = time.monotonic() + SECONDS, 0
    try:
        with opened(place) as store:
            while time.monotonic() < until or n < 5:
                # A coverage is a file's name; the loader takes facility and day from its begin.
                rows = [f"L{n}R{i}|1|0|2" for i in range(N_ROWS)]
                path = finra(place.parent / "files", date(2024, 3, 1), rows)
                load_finra(store, path.rename(path.with_stem(f"{path.stem}-{n}")))
                n += 1
    finally:
        done.touch()
    return n


def compacting(place: Path, done: Path) -> int:
    """Compact until the loader is done; return how often there was something to join."""
    n = 0
    with opened(place) as store:
        while not done.exists() or not n:
            n += sum(not each.skipped for each in compact(store))
    return n


def asking(place: Path, done: Path) -> tuple[int, int]:
    """Ask until the loader is done; return how often, and how many rows there were at last."""
    newest, n = 0, 0
    with door(place) as warehouse:
        while not done.exists() or not n:
            rows = warehouse.ask("raw.short_volume", BEGINNING, FOREVER)
            ((found, keys),) = rows.aggregate("count(*), count(distinct source_symbol)").fetchall()
            assert found % N_ROWS == 0, f"{found} rows: a load was torn"
            assert found == keys, f"{found} rows of {keys} keys: some are double"
            assert found >= newest, f"{found} rows after {newest}"
            newest, n = found, n + 1
    return n, newest


def test_those_who_ask_beside_a_loader_and_a_compactor_see_whole_loads_only(
    tmp_path: Path,
) -> None:
    place = tmp_path / "store"
    with opened(place) as store:
        load_sessions(store)

    each = (loading, compacting, *[asking] * N_ASKING)
    said = together(*(partial(one, place, tmp_path / "done") for one in each))

    assert not [error for error in said if isinstance(error, BaseException)]
    n_loads, n_compactions, *asked = said
    assert n_loads >= 5
    assert n_compactions >= 1
    assert all(n >= 1 for n, _ in asked)
    assert max(newest for _, newest in asked) <= n_loads * N_ROWS
    assert len(lines(place)) == n_loads + 1
