"""The ledger's clock and its count, with several processes that write at once."""

import subprocess
import sys
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from leadline import clock, upkeep
from leadline.errors import StoreError
from leadline.ledger import Line, Place, load_id
from tests.doors import ROOT
from tests.stores import (
    ask,
    finra,
    leadline,
    lines,
    load_finra,
    load_sessions,
    opened,
)  # fmt: skip

DAY = date(2024, 3, 1)

# Four of these begin when all four are ready, so that they meet in the ledger.
LOADING = """
import sys
from datetime import date
from pathlib import Path
from tests.stores import finra, load_finra, opened

place, me = Path(sys.argv[1]), sys.argv[2]
folder = place.parent / me
with opened(place) as store:
    store.snapshot()
    print("ready", flush=True)
    sys.stdin.readline()
    for n in range(6):
        path = finra(folder, date(2024, 3, 1), [f"{me}|{n}|0|9"])
        load_finra(store, path.rename(path.with_stem(f"{path.stem}-{me}-{n}")))
"""


def start(code: str, place: Path, me: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code,
         str(place), me],
        cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def go(running: list["subprocess.Popen[str]"]) -> list[str]:
    """Let processes begin at once; return what each says that ends wrongly."""
    for each in running:
        assert each.stdout is not None
        each.stdout.readline()
    for each in running:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    said = [each.communicate(timeout=120)[1] for each in running]
    return [text for text, each in zip(said, running, strict=True) if each.returncode]


def test_stamps_increase_strictly_however_many_write(tmp_path: Path) -> None:
    place = tmp_path / "store"
    with opened(place) as store:
        load_sessions(store)

    wrong = go([start(LOADING, place, name) for name in "ABCD"])

    found = lines(place)
    assert wrong == []
    assert len(found) == 1 + 4 * 6
    assert all(sooner["recorded_at"] < later["recorded_at"] for sooner, later in pairwise(found))
    with opened(place) as store:
        files = store.tables["loads"]
        assert len(files.paths()) == files.version  # the table's own beginning is version 0
    assert len(ask(place, "raw.short_volume")) == 4 * 6


SAME = LOADING.replace("range(6)", "range(1)").replace(
    'path.rename(path.with_stem(f"{path.stem}-{me}-{n}"))', "path"
)


@pytest.mark.parametrize("is_same", [True, False], ids=["one content", "two contents"])
def test_two_that_load_one_coverage_at_once_end_with_one_load_or_are_told_to_run_again(
    tmp_path: Path, is_same: bool
) -> None:
    place = tmp_path / "store"
    with opened(place) as store:
        load_sessions(store)
    code = SAME.replace('[f"{me}|', '[f"X|') if is_same else SAME

    wrong = go([start(code, place, name) for name in ("A", "B")])

    own = [line for line in lines(place) if line["feed"] == "finra_short_volume"]
    rows = ask(place, "raw.short_volume")
    assert len(wrong) <= 1
    for text in wrong:
        assert text.splitlines()[-1].endswith(
            "another process has just loaded CNMSshvol20240301.txt; run this again"
        )
    if is_same:
        assert (len(own), len(rows)) == (1, 1)
    else:
        assert len(own) == 2 - len(wrong)
        assert [line["publication"] for line in own] == list(range(len(own)))
        assert len([row for row in rows if not row["is_gone"]]) == len(own)


def test_a_loader_that_was_overtaken_ends_with_3(tmp_path: Path) -> None:
    place, other = tmp_path / "store", tmp_path / "other"
    path, rival = finra(tmp_path, DAY, ["A|1|0|2"]), finra(other, DAY, ["A|2|0|2"])
    with opened(place) as store:
        load_sessions(store)
    # The rival loads in the very process, as the first one has written its line's file.
    before = f"""
import sys
from pathlib import Path
from tests.stores import load_finra, opened
seen = []
def step(frame, event, _):
    code = frame.f_code
    if event == "call" and code.co_name == "sign" and not seen:
        seen.append(1)
        with opened(Path({str(place)!r})) as store:
            load_finra(store, Path({str(rival)!r}))
sys.setprofile(step)
"""

    running = leadline(
        "load", "finra_short_volume", "--from", path,
        store=place, scratch=tmp_path / "scratch", before=before,
    )  # fmt: skip
    _, said = running.communicate(timeout=120)

    assert said.splitlines()[-1] == (
        "finra_short_volume: another process has just loaded CNMSshvol20240301.txt; run this again"
    )
    assert running.returncode == 3
    assert [row["short_volume"] for row in ask(place, "raw.short_volume")] == [2]


def line_of(coverage: str, publication: int) -> Line:
    return {
        "load_id": load_id("feed", coverage, publication, "hash"), "action": "load",
        "feed": "feed", "coverage": coverage, "publication": publication, "content_hash": "hash",
        "known_from": "loader", "n_rows": 0, "n_gone": 0, "n_rejected": 0, "n_conflicts": 0,
        "datasets": [], "origin": "here", "started_at": clock.now(), "source": "feed",
        "is_gone": False,
    }  # fmt: skip


def test_a_clock_that_was_set_back_does_not_turn_the_ledger_back(tmp_path: Path) -> None:
    ahead = datetime(2100, 1, 1, tzinfo=clock.BEGINNING.tzinfo)
    with opened(tmp_path / "store") as store:
        store.tables["loads"].create()
        table, ledger = store.tables["loads"], store.ledger
        ledger.refresh()
        ledger.sign(line_of("a", 0), ledger.place("feed", "a"))
        (path,) = table.paths()
        late = (
            f"select * replace (timestamptz '{ahead.isoformat()}' as recorded_at, "
            f"'late' as load_id) from read_parquet('{path}')"
        )
        table.append(table.write(store.con, late), "late")
        ledger.refresh()

        stamp = ledger.sign(line_of("b", 0), ledger.place("feed", "b"))

    assert stamp == ahead + timedelta(microseconds=1)


def test_a_line_that_another_one_overtakes_is_stamped_anew(tmp_path: Path) -> None:
    place = tmp_path / "store"
    with opened(place) as one, opened(place) as two:
        for store in (one, two):
            store.tables["loads"].create()
            store.ledger.refresh()
        first = one.ledger.sign(line_of("a", 0), one.ledger.place("feed", "a"))

        second = two.ledger.sign(line_of("b", 0), two.ledger.place("feed", "b"))

        assert first < second
        assert [line["coverage"] for line in two.ledger.lines] == ["a", "b"]
        assert len(list((place / "loads").glob("*.parquet"))) == 2


def test_a_line_of_the_same_coverage_that_comes_first_is_no_matter_of_retries(
    tmp_path: Path,
) -> None:
    place = tmp_path / "store"
    with opened(place) as one, opened(place) as two:
        for store in (one, two):
            store.tables["loads"].create()
            store.ledger.refresh()
        one.ledger.sign(line_of("a", 0), one.ledger.place("feed", "a"))

        with pytest.raises(StoreError) as error:
            two.ledger.sign(line_of("a", 0), Place(0, ()))

    assert error.value.exit_code == 3


def test_the_count_of_a_coverage_is_of_loads_and_forgets(tmp_path: Path) -> None:
    place = tmp_path / "store"
    with opened(place) as store:
        load_sessions(store)
        for amount in (1, 2):
            load_finra(store, finra(tmp_path, DAY, [f"A|{amount}|0|2"]))
        store.forget(lines(place)[-1]["load_id"])
        load_finra(store, finra(tmp_path, DAY, ["A|0|0|2"]))

    own = [line for line in lines(place) if line["feed"] == "finra_short_volume"]
    assert [(line["publication"], line["action"]) for line in own] == [
        (0, "load"), (1, "load"), (2, "forget"), (3, "load"),
    ]  # fmt: skip


def test_a_compacted_ledger_reads_the_same(tmp_path: Path) -> None:
    place = tmp_path / "store"
    with opened(place) as store, opened(place) as other:
        load_sessions(store)
        for n in range(3):
            path = finra(tmp_path, DAY, [f"A|{n}|0|2"])
            load_finra(store, path)
        other.ledger.refresh()
        before = list(other.ledger.lines)
        list(upkeep.compact(store, ["loads"]))

        moved = other.ledger.refresh()

        assert moved
        assert list(other.ledger.lines) == before
        assert len(other.tables["loads"].paths()) == 1
