"""One process loads, one compacts, eight ask: nobody sees half a load, and nothing goes back."""

import subprocess
import sys
from pathlib import Path

from tests.doors import ROOT
from tests.stores import lines, load_sessions, opened

N_ROWS = 50
N_ASKING = 8
SECONDS = 1

LOADING = """
import sys, time
from datetime import date
from pathlib import Path
from tests.stores import finra, load_finra, opened

place, done = Path(sys.argv[1]), Path(sys.argv[2])
until, n = time.monotonic() + float(sys.argv[3]), 0
with opened(place) as store:
    while time.monotonic() < until or n < 5:
        # A coverage is a file's name; the loader takes the facility from its first letters.
        lines = [f"L{n}R{i}|1|0|2" for i in range(50)]
        path = finra(place.parent / "files", date(2024, 3, 1), lines)
        load_finra(store, path.rename(path.with_stem(f"{path.stem}-{n}")))
        n += 1
done.touch()
print(n)
"""

COMPACTING = """
import sys
from pathlib import Path
from leadline.upkeep import compact
from tests.stores import opened

done, n = Path(sys.argv[2]), 0
with opened(Path(sys.argv[1])) as store:
    while not done.exists() or not n:
        n += sum(not each.skipped for each in compact(store))
print(n)
"""

ASKING = """
import sys
from pathlib import Path
from leadline.clock import BEGINNING, FOREVER
from tests.stores import door

done, newest, n = Path(sys.argv[2]), 0, 0
with door(Path(sys.argv[1])) as warehouse:
    while not done.exists() or not n:
        rows = warehouse.ask("raw.short_volume", BEGINNING, FOREVER)
        ((found, keys),) = rows.aggregate("count(*), count(distinct source_symbol)").fetchall()
        assert found % 50 == 0, f"{found} rows: a load was torn"
        assert found == keys, f"{found} rows of {keys} keys: some are double"
        assert found >= newest, f"{found} rows after {newest}"
        newest, n = found, n + 1
print(n, newest)
"""


def start(code: str, place: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code,
         str(place), str(place.parent / "done"), str(SECONDS)],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_those_who_ask_beside_a_loader_and_a_compactor_see_whole_loads_only(
    tmp_path: Path,
) -> None:
    place = tmp_path / "store"
    with opened(place) as store:
        load_sessions(store)

    running = [start(LOADING, place), start(COMPACTING, place)]
    running += [start(ASKING, place) for _ in range(N_ASKING)]
    said = [each.communicate(timeout=300) for each in running]

    assert [each.returncode for each in running] == [0] * len(running), said
    n_loads, n_compactions = (int(out) for out, _ in said[:2])
    asked = [tuple(map(int, out.split())) for out, _ in said[2:]]
    assert n_loads >= 5
    assert n_compactions >= 1
    assert all(n >= 1 for n, _ in asked)
    assert max(newest for _, newest in asked) <= n_loads * N_ROWS
    assert len(lines(place)) == n_loads + 1
