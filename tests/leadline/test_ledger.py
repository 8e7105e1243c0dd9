"""The ledger's clock and its count, with several processes that write at once."""

import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import FrameType

import pytest

from leadline import clock, upkeep
from leadline.errors import StoreError
from leadline.ledger import Line, Place, load_id
from tests.forks import leadline, meet, together
from tests.stores import (
    ask,
    finra,
    lines,
    load_finra,
    load_sessions,
    opened,
)  # fmt: skip

DAY = date(2024, 3, 1)


def load_each(place: Path, folder: Path, texts: Sequence[str], *, is_one: bool = False) -> None:
    """Load a file for each line; where all are of one coverage, they bear one name."""
    with opened(place) as store:
        store.snapshot()
        meet()
        for n, text in enumerate(texts):
            path = finra(folder, DAY, [text])
            if not is_one:
                path = path.rename(path.with_stem(f"{path.stem}-{folder.name}-{n}"))
            load_finra(store, path)


def test_stamps_increase_strictly_however_many_write(tmp_path: Path) -> None:
    place = tmp_path / "store"
    with opened(place) as store:
        load_sessions(store)
    texts = {name: [f"{name}|{n}|0|9" for n in range(3)] for name in "ABCD"}

    wrong = together(*(partial(load_each, place, tmp_path / x, own) for x, own in texts.items()))

    found = lines(place)
    assert wrong == [None] * 4
    assert len(found) == 1 + 4 * 3
    assert all(sooner["recorded_at"] < later["recorded_at"] for sooner, later in pairwise(found))
    with opened(place) as store:
        files = store.tables["loads"]
        assert len(files.paths()) == files.version  # the table's own beginning is version 0
    assert len(ask(place, "raw.short_volume")) == 4 * 3


@pytest.mark.parametrize("symbols", ["XX", "AB"], ids=["one content", "two contents"])
def test_two_that_load_one_coverage_at_once_end_with_one_load_or_are_told_to_run_again(
    tmp_path: Path, symbols: str
) -> None:
    place = tmp_path / "store"
    with opened(place) as store:
        load_sessions(store)

    said = together(
        *(
            partial(load_each, place, tmp_path / str(n), [f"{symbol}|0|0|9"], is_one=True)
            for n, symbol in enumerate(symbols)
        )
    )

    wrong = [str(error) for error in said if error]
    own = [line for line in lines(place) if line["feed"] == "finra_short_volume"]
    rows = ask(place, "raw.short_volume")
    assert len(wrong) <= 1
    for text in wrong:
        assert text.endswith(
            "another process has just loaded CNMSshvol20240301.txt; run this again"
        )
    if symbols == "XX":
        assert (len(own), len(rows)) == (1, 1)
    else:
        assert len(own) == 2 - len(wrong)
        assert [line["publication"] for line in own] == list(range(len(own)))
        assert len([row for row in rows if not row["is_gone"]]) == len(own)


def load_as(function: str, place: Path, rival: Path) -> None:
    """Let a rival load in this very process, as the store first comes to this function."""
    seen: list[object] = []

    def step(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name == function and not seen:
            seen.append(frame)
            with opened(place) as store:
                load_finra(store, rival)

    sys.setprofile(step)


def test_a_loader_that_was_overtaken_ends_with_3(tmp_path: Path) -> None:
    place = tmp_path / "store"
    path, rival = finra(tmp_path, DAY, ["A|1|0|2"]), finra(tmp_path / "other", DAY, ["A|2|0|2"])
    with opened(place) as store:
        load_sessions(store)

    ended = leadline(
        "load", "finra_short_volume", "--from", path, store=place, scratch=tmp_path / "scratch",
        before=partial(load_as, "sign", place, rival),
    )  # fmt: skip

    assert ended == (
        3,
        "finra_short_volume: another process has just loaded CNMSshvol20240301.txt; run this again",
    )
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


def test_what_loads_and_forgets_touched_is_told_by_its_newest_stamp(tmp_path: Path) -> None:
    later, shares = date(2024, 3, 5), ["A|1|0|2"]
    with opened(tmp_path / "store") as store:
        load_sessions(store)
        files = [finra(tmp_path, day, shares) for day in (DAY, later)]
        files.append(finra(tmp_path, DAY, shares, "FNSQ"))
        load_finra(store, *files)
        loads = {line["coverage"]: line for line in store.ledger.lines}
        before = store.ledger.newest()
        told = store.ledger.touched(clock.BEGINNING)
        store.forget(loads[files[1].name]["load_id"])
        told_later = store.ledger.touched(before)
        wrote = store.ledger.wrote("short_volume", clock.BEGINNING)
        wrote_later = store.ledger.wrote("short_volume", loads[files[0].name]["recorded_at"])

    assert {each for each in told if each.dataset == "short_volume"} == {
        ("short_volume", DAY, DAY, loads[files[2].name]["recorded_at"]),
        ("short_volume", later, later, loads[files[1].name]["recorded_at"]),
    }
    assert [each[:3] for each in told_later] == [("short_volume", later, later)]
    assert told_later[0].recorded_at > before
    first, last = loads[files[0].name], loads[files[2].name]
    assert list(wrote.items()) == [(x["load_id"], x["recorded_at"]) for x in (first, last)]
    assert list(wrote_later) == [last["load_id"]]


def test_more_lines_than_are_kept_apart_are_one_ledger(tmp_path: Path) -> None:
    with opened(tmp_path / "store") as store, opened(tmp_path / "store") as other:
        store.tables["loads"].create()
        for n in range(70):
            store.ledger.refresh()
            store.ledger.sign(line_of(f"c{n}", 0), store.ledger.place("feed", f"c{n}"))
        other.ledger.refresh()

        known = store.ledger.knows([line_of("c69", 0)["load_id"], "none"])
        found = store.ledger.find(line_of("c3", 0)["load_id"])
        lines_of_both = [list(each.ledger.lines) for each in (store, other)]

    assert known == {line_of("c69", 0)["load_id"]}
    assert found is not None
    assert found["coverage"] == "c3"
    assert lines_of_both[0] == lines_of_both[1]
    assert [line["coverage"] for line in lines_of_both[0]] == [f"c{n}" for n in range(70)]


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
