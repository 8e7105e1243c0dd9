"""Real files, loaded as a user loads them, and held against what plain Python makes of them."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from leadline import clock, load, project
from leadline.verify import verify
from leadline.warehouse import Warehouse
from tests.desks import real_store, run
from tests.doors import ROOT, door
from tests.spx import SCREENS, chains, changed_sessions, labelled, oracle, screened, sessions

pytestmark = pytest.mark.real
SPX, FINRA = "options_eod_cboe_spx", "finra_regsho_daily"
FEEDS = ("cboe_chains", "finra_short_volume")


@dataclass(frozen=True)
class Counts:
    """How much the chains hold, and what is made of them."""

    lines: int
    holidays: int
    changes: int
    changed: int
    alerts: int
    over_interest: int


WHOLE = Counts(298_568, 13_324, 253_332, 57_092, 390, 1_377)
SIXTH = Counts(49_703, 2_234, 42_186, 9_804, 69, 206)


@pytest.fixture(scope="module", params=["sixth", pytest.param("whole", marks=pytest.mark.soak)])
def spx(
    request: pytest.FixtureRequest, real: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the folder of the chains: of every sixth contract, or whole."""
    if request.param == "whole":
        return real / SPX
    folder = tmp_path_factory.mktemp("sixth")
    for path in (real / SPX).glob("*.csv.gz"):
        with gzip.open(path, "rt") as whole, gzip.open(folder / path.name, "wt") as part:
            head, *lines = whole
            few = [line for line in lines if crc32(line.split(",")[3].encode()) % 6 == 0]
            part.writelines([head, *few])
    return folder


@pytest.fixture(scope="module")
def n(spx: Path) -> Counts:
    """Return how much these chains hold."""
    return WHOLE if spx.name == SPX else SIXTH


@pytest.fixture(scope="module")
def place(real: Path, spx: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load both real sets into one store."""
    folder = tmp_path_factory.mktemp("real") / "store"
    return real_store(folder, *zip(FEEDS, (spx, real / FINRA), strict=True))


@pytest.fixture(scope="module")
def house(place: Path) -> Iterator[Warehouse]:
    """Open the views over them."""
    with door(place) as house:
        yield house


def ask(
    house: Warehouse, view: str, sql: str, until: datetime = clock.FOREVER
) -> list[tuple[Any, ...]]:
    """Ask a view over all of time up to a moment, and the answer a question."""
    answer = house.ask(view, clock.BEGINNING, until).query("answer", sql)
    return [tuple(row) for row in answer.fetchall()] if answer else []


@pytest.fixture(scope="module")
def changes(house: Warehouse) -> list[dict[str, Any]]:
    """Ask for every change of open interest, once."""
    answer = house.ask("features.oi_change", clock.BEGINNING, clock.FOREVER)
    columns = "contract, oi_date, d_oi, open_close_label, oi_exceeds_volume, exercise_or_expiry"
    return list(answer.project(columns).to_arrow_table().to_pylist())


@pytest.mark.parametrize("feed", [pytest.param(FEEDS[0], marks=pytest.mark.soak), FEEDS[1]])
def test_loading_again_adds_nothing(place: Path, spx: Path, real: Path, feed: str) -> None:
    module = project.feed(ROOT, feed)
    with door(place) as house:
        plan = load.plan(feed, module, [spx if feed == "cboe_chains" else real / FINRA])
        loaded = list(load.from_files(feed, module, house.store, plan.files))

    assert len(loaded) == {"cboe_chains": 23, "finra_short_volume": 34}[feed]
    assert [each for each in loaded if each.is_new or each.n_rows] == []


def test_the_second_reader_finds_nothing_wrong(house: Warehouse) -> None:
    assert list(verify(house.store)) == []


def test_every_finra_row_is_there_and_none_is_rejected(house: Warehouse) -> None:
    counted = ask(house, "raw.short_volume", "select count(*) from answer")
    rejected = ask(
        house, "raw.rejected", "select count(*) from answer where dataset = 'short_volume'"
    )

    assert (counted, rejected) == ([(218_005,)], [(0,)])


def test_the_consolidated_file_is_the_sum_of_the_facilities(house: Warehouse) -> None:
    sums = ", ".join(
        f"sum(case when facility = 'CNMS' then {name} else -{name} end) as {name}"
        for name in ("short_volume", "short_exempt_volume", "total_volume")
    )

    days = ask(
        house,
        "curated.short_volume",
        f"with s as (select session_date, source_symbol, {sums} from answer "
        "where withdrawn_at is null and session_date < '2021-01-01' and facility <> 'FORF' "
        "group by all) select session_date, count(*), count(*) filter (where short_volume <> 0 "
        "or total_volume <> 0 or short_exempt_volume <> 0) from s group by all order by all",
    )

    assert [day for day, *_ in days] == [date(2020, 1, n) for n in (2, 3, 6, 7)]
    assert all(symbols > 8_000 and odd == 0 for _, symbols, odd in days)


def test_a_corrected_file_changes_the_answer_from_the_moment_it_was_known(
    real: Path, tmp_path: Path
) -> None:
    source = real / FINRA / "CNMS" / "CNMSshvol20200102.txt"
    head, first, second, *rest = source.read_bytes().decode().splitlines()
    cells = first.split("|")
    changed = "|".join([*cells[:2], str(int(cells[2]) - 1), *cells[3:]])
    fixed = tmp_path / source.name
    fixed.write_text("\r\n".join([head, changed, *rest[:-1], str(len(rest))]) + "\r\n")
    corrected_at = datetime(2020, 1, 10, 15, tzinfo=UTC)
    module = project.feed(ROOT, "finra_short_volume")
    place = real_store(tmp_path / "store", ("finra_short_volume", source))
    both = f"source_symbol in ('{cells[1]}', '{second.split('|')[1]}') and withdrawn_at is null"
    sql = f"select short_volume from answer where {both} order by source_symbol"

    with door(place) as house:
        plan = load.plan("finra_short_volume", module, [fixed])
        (loaded,) = load.from_files(
            "finra_short_volume", module, house.store, plan.files, known_at=corrected_at
        )
        before = ask(house, "curated.short_volume", sql, corrected_at)
        after = ask(house, "curated.short_volume", sql)
        versions = ask(
            house, "curated.short_volume",
            f"select count(*) from answer where source_symbol = '{cells[1]}'",
        )  # fmt: skip

    assert (loaded.n_rows, loaded.n_gone) == (1, 1)
    assert [int(value) for (value,) in before] == [int(cells[2]), int(second.split("|")[2])]
    assert [int(value) for (value,) in after] == [int(cells[2]) - 1]
    assert versions == [(2,)]


def test_the_holidays_file_is_set_aside_whole(house: Warehouse, n: Counts) -> None:
    chains = ask(house, "raw.option_chains", "select count(*) from answer")
    rejected = ask(
        house, "raw.rejected",
        "select dataset, any_value(reason), count(*), count(distinct reason) from answer "
        "group by all order by all",
    )  # fmt: skip

    why = "session_date 2019-05-27 is no session of XNYS"
    assert chains == [(n.lines,)]
    assert rejected == [
        ("open_interest", why, n.holidays, 1),
        ("option_chains", why, n.holidays, 1),
    ]


def test_no_change_is_reported_across_a_missing_session(changes: list[dict[str, Any]]) -> None:
    days = {row["oi_date"] for row in changes}

    assert days == changed_sessions()
    # The files of 10 and 17 May would say the interest of 9 and 16 May.
    assert not {date(2019, 5, d) for d in (9, 10, 16, 17)} & changed_sessions()
    # Over Memorial Day the 28th follows the 24th: one change, of the 24th.
    assert {day for day in days if day > date(2019, 5, 23)} == {
        date(2019, 5, 24), date(2019, 5, 28),
    }  # fmt: skip


def test_every_change_is_found_and_none_is_false(
    changes: list[dict[str, Any]], spx: Path, n: Counts
) -> None:
    days, read = sessions(), chains(spx)
    told = {before: read[quoted] for before, quoted in pairwise(days) if quoted in read}
    wanted = {
        (contract, after): line.open_interest - told[before][contract].open_interest
        for before, after in pairwise(days)
        if before in told
        for contract, line in told.get(after, {}).items()
        if contract in told[before]
    }

    assert {(row["contract"], row["oi_date"]): row["d_oi"] for row in changes} == wanted
    assert len(changes) == len(wanted) == n.changes
    assert sum(d_oi != 0 for d_oi in wanted.values()) == n.changed


def test_what_the_volume_explains_is_what_plain_python_makes_of_it(
    changes: list[dict[str, Any]], spx: Path, n: Counts
) -> None:
    # Both days were scraped at the close, so that the volume is the session's.
    read = {day: chains(spx)[day] for day in (date(2019, 5, 20), date(2019, 5, 24))}
    n_changed = n_explained = 0

    for row in changes:
        if row["oi_date"] in read and (line := read[row["oi_date"]].get(row["contract"])):
            d_oi, volume = row["d_oi"], line.volume
            assert row["oi_exceeds_volume"] == (d_oi > volume)
            assert row["exercise_or_expiry"] == (-d_oi > volume)
            assert row["open_close_label"] == labelled(float(d_oi), volume)
            n_changed += d_oi != 0
            n_explained += d_oi != 0 and abs(d_oi) <= volume
    assert n_changed > 3_000 * n.changed / WHOLE.changed
    assert 0.94 < n_explained / n_changed < 0.98


@pytest.mark.soak
def test_no_detector_of_other_data_fires(house: Warehouse) -> None:
    begin, end = datetime(2019, 5, 20, tzinfo=UTC), datetime(2019, 5, 25, tzinfo=UTC)
    live = [view.stable for view in house.catalog.all_live()]

    fired = [name for name in live if len(house.ask(name, begin, end))]

    assert fired == ["detectors.options_oi_change", "detectors.options_volume_oi"]


@pytest.mark.soak
def test_every_volume_over_open_interest_is_found_and_no_other(
    house: Warehouse, spx: Path, n: Counts
) -> None:
    screens = "alert_key, cast(evidence ->> '$.screen' as bigint) as screen"

    found = dict(ask(house, "options.volume_oi", f"select {screens} from answer"))

    expected = {
        f"options.volume_oi|SPX|{contract}|{SCREENS[screen]}|{day}": screen
        for day, lines in chains(spx).items()
        for contract, line in lines.items()
        if day in sessions() and (screen := screened(line)) is not None
    }
    assert found == expected
    assert len(found) == n.over_interest


def test_every_alert_and_its_numbers_are_what_plain_python_makes_of_the_files(
    house: Warehouse, spx: Path, n: Counts
) -> None:
    expected = oracle(spx)

    rows = house.ask("options.oi_change", clock.BEGINNING, clock.FOREVER).to_arrow_table()
    found = {row["alert_key"]: row for row in rows.to_pylist()}

    assert len(expected) == n.alerts
    assert found.keys() == expected.keys()
    for key, wanted in expected.items():
        row = found[key]
        evidence = json.loads(row["evidence"])
        assert row["fired_at"] == wanted["fired_at"]
        assert row["happened_at"] == wanted["happened_at"]
        assert row["entity"] == "SPX"
        assert row["confidence"] == pytest.approx(wanted["confidence"])
        assert row["score"] == pytest.approx(wanted["score"], abs=1e-5)
        assert row["notional_usd"] == pytest.approx(wanted["d_oi_usd"])
        for name in ("d_oi", "open_interest", "previous_open_interest", "n_baseline", "volume"):
            assert (key, name, evidence[name]) == (key, name, wanted[name])
        for name in ("mean_abs_d_oi", "d_oi_rel", "mid", "d_oi_usd", "d_oi_delta_usd"):
            assert evidence[name] == pytest.approx(wanted[name], rel=1e-6, abs=1e-5)


@pytest.mark.soak
def test_a_param_of_the_command_line_changes_the_rows(place: Path, spx: Path) -> None:
    alerts = oracle(spx).values()
    query = ("sql", "select count(*) as n from detectors.options_oi_change", "--format", "csv")

    told = run(ROOT, "--store", place, *query, "--param", "min_d_oi_rel=10")

    n_fewer = sum(alert["d_oi_rel"] >= 10 for alert in alerts)
    assert 0 < n_fewer < len(alerts)
    assert (told.code, told.out, told.err) == (0, f'"n"\n{n_fewer}\n', "")
