"""A drawn week: what is in it, that nothing in its files betrays the plants, and a slice found."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from leadline import planted, planted_score, project
from leadline.errors import FeedError
from leadline.load import from_files, plan
from loaders import _sample as sample
from loaders import planted_week
from tests.doors import ROOT, all_cores, door
from tests.stores import load_sessions

SEED = 7
DAY = datetime(2024, 2, 14, tzinfo=UTC)


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planted") / "suite"
    list(planted.make(planted_week, [SEED], folder))
    return folder


def table(suite: Path, dataset: str) -> pa.Table:
    return pq.read_table(suite / str(SEED) / f"{dataset}.parquet")


def events(suite: Path) -> list[dict[str, Any]]:
    return list(pq.read_table(suite / planted.KEY).to_pylist())


def test_a_week_has_hundreds_of_events_of_many_kinds_and_sizes(suite: Path) -> None:
    told = events(suite)

    assert len(told) >= 400
    assert len({event["kind"] for event in told}) >= 25
    assert min(event["size"] for event in told) <= 0.5
    assert max(event["size"] for event in told) >= 10


def test_no_file_says_what_was_planted(suite: Path) -> None:
    for path in (suite / str(SEED)).glob("*.parquet"):
        read = pq.read_table(path)
        assert {"detector", "label", "event_id", "note"}.isdisjoint(read.column_names)
        for column in read.columns:
            if pa.types.is_string(column.type):
                assert not pc.any(pc.match_substring(column, "plant")).as_py() or (
                    path.stem in ("conditions", "venues")
                )


def test_the_prints_stand_in_the_order_of_their_moments(suite: Path) -> None:
    trades = table(suite, "option_trades")

    at = trades["traded_at"].to_numpy()
    assert (at[1:] >= at[:-1]).all()
    assert trades["trade_id"].to_pylist() == [str(n + 1) for n in range(trades.num_rows)]


def test_another_seed_plants_elsewhere_and_the_sample_week_is_untouched(suite: Path) -> None:
    feed = project.feed(ROOT, "sample_off_exchange")
    with sample.drawn(SEED + 1):
        other = next(iter(feed.pull(None, None)))[1]
    own = next(iter(feed.pull(None, None)))[1]

    assert other["note"].to_pylist() != own["note"].to_pylist()
    assert own["entity"].to_pylist()[0] == "BRVO"


def test_what_the_letters_mean_comes_along(suite: Path) -> None:
    codes = table(suite, "conditions").to_pylist()

    assert {row["source_feed"] for row in codes} == {planted_week.NAME}
    meant = {row["condition"]: row["trade_class"] for row in codes if row["asset"] == "option"}
    assert set(table(suite, "option_trades")["condition"].unique().to_pylist()) <= set(meant)
    assert meant["I"] == "regular"


def test_a_file_of_no_dataset_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "7"
    folder.mkdir()
    pq.write_table(pa.table({"a": [1]}), folder / "moons.parquet")
    found = plan("planted_week", planted_week, [folder])

    with pytest.raises(FeedError, match=r"it is of no dataset of a week; leave it out$"):
        list(planted_week.read(found.files))


def test_prints_of_a_day_that_were_planted_are_found(suite: Path, tmp_path: Path) -> None:
    """Wednesday's prints alone, by the road that every week takes: files, store, view, score."""
    folder = tmp_path / str(SEED)
    folder.mkdir()
    for dataset in ("option_trades", "equity_trades", "equity_quotes"):
        rows = table(suite, dataset)
        is_own = pc.equal(rows["session_date"], pa.scalar(DAY.date()))
        pq.write_table(rows.filter(is_own), folder / f"{dataset}.parquet")
    for dataset in ("conditions", "venues"):
        pq.write_table(table(suite, dataset), folder / f"{dataset}.parquet")
    kinds = ("options.sweep", "options.split", "prices.sweep")
    alerts = tmp_path / "alerts.csv"
    with door(tmp_path / "store", engine=all_cores()) as house:
        load_sessions(house.store)
        found = plan("planted_week", planted_week, [folder]).files
        loaded = list(from_files("planted_week", planted_week, house.store, found))
        assert sum(each.n_rows for each in loaded) > 2_000
        lines = [
            f"{kind},{entity},{fired_at},{key},{score}"
            for kind in kinds
            for entity, fired_at, key, score in house.ask(kind, DAY, DAY + timedelta(days=1))
            .project("entity, cast(fired_at as text), alert_key, score")
            .fetchall()
            if score >= 20
        ]
    alerts.write_text("\n".join(["kind,entity,fired_at,alert_key,score", *lines]))
    key = tmp_path / "key"
    key.mkdir()
    own = pq.read_table(suite / planted.KEY)
    is_own = pc.and_(
        pc.is_in(own["kind"], pa.array(kinds)),
        pc.equal(pc.cast(own["starts_at"], pa.date32()), pa.scalar(DAY.date())),
    )
    pq.write_table(own.filter(is_own), key / planted.KEY)
    pq.write_table(pq.read_table(suite / planted.WEEKS), key / planted.WEEKS)

    scored = planted_score.score(alerts, key)

    rows = scored.rows.to_pylist()
    assert {row["kind"] for row in rows} == set(kinds)
    assert sum(row["n_events"] for row in rows) >= 12
    assert all(row["recall_from_1"] == 1 for row in rows)
    assert sum(row["n_false"] for row in rows) <= 2
