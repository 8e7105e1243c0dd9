"""Of a day's quotes those are kept that stood when something traded, each at that moment."""

import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leadline.clock import BEGINNING, Span
from leadline.errand import errand
from leadline.errors import FeedError
from leadline.feed import File
from leadline.load import from_bucket, from_files, plan
from leadline.publication import Loaded
from leadline.store import Store
from loaders import _massive_quotes, massive_option_quotes
from tests.buckets import Front, service
from tests.sites import answering
from tests.stores import ask, contracts, knowing_sessions

NAME = "massive_option_quotes"
MESSAGES = Path(__file__).parent / "messages" / "us_options_opra"
DAY = "2026/05/2026-05-22.csv"
QUOTES, TRADES = MESSAGES / "quotes_v1" / DAY, MESSAGES / "trades_v1" / DAY
SPAN = Span(datetime(2026, 5, 18, tzinfo=UTC), datetime(2026, 5, 30, tzinfo=UTC))
HEAD, TRADES_HEAD = (path.read_text().splitlines()[0] for path in (QUOTES, TRADES))
NOON = datetime(2026, 5, 22, 16, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(SPAN, tmp_path / "store") as store:
        yield store


def load(store: Store, *paths: Path) -> list[Loaded]:
    found = plan(NAME, massive_option_quotes, paths).files
    return list(from_files(NAME, massive_option_quotes, store, found))


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Mapping[str, Any]]:
    """Return what a load of the recorded day brought, in the order of its moments."""
    with knowing_sessions(SPAN, tmp_path_factory.mktemp("store")) as store:
        (loaded,) = load(store, MESSAGES / "quotes_v1", MESSAGES / "trades_v1")
        assert (loaded.coverage, loaded.n_rejected) == (f"quotes_v1/{DAY}", 0)
        found = ask(store.place, "raw.option_quotes")
    return sorted(found, key=lambda row: (row["contract"], row["known_at"]))


def written(folder: Path, quotes: Sequence[str], trades: Sequence[str]) -> tuple[Path, Path]:
    """Write a day's quotes and trades in the source's own folders."""
    paths = []
    for kind, head, lines in (("quotes", HEAD, quotes), ("trades", TRADES_HEAD, trades)):
        path = folder / f"{kind}_v1" / DAY
        path.parent.mkdir(parents=True)
        path.write_text("\n".join((head, *lines)) + "\n")
        paths.append(path)
    return paths[0], paths[1]


def test_one_row_is_kept_for_each_moment_at_which_a_contract_with_a_quote_traded(
    rows: list[Mapping[str, Any]],
) -> None:
    moments = [(row["contract"], row["known_at"], row["place"]) for row in rows]

    traded = datetime(2026, 5, 22, 14, 1, 49, 681_000, UTC)
    before = timedelta(microseconds=1)
    assert moments == [
        ("A260618C00100000", traded - before, 1),
        ("A260618C00100000", traded + timedelta(microseconds=734) - before, 1),
        ("AAPL1260618P00002500", traded - before, 1),
        ("SPXW260522P05900000", datetime(2026, 5, 22, 0, 0, 0, 123_455, UTC), 1),
    ]


def test_a_row_is_the_quote_that_stood_strictly_before_the_print(
    rows: list[Mapping[str, Any]],
) -> None:
    said = {name: rows[0][name] for name in contracts()["option_quotes"].names}

    assert said == {
        "contract": "A260618C00100000",
        "place": 1,
        "stood_at": datetime(2026, 5, 22, 14, 1, 49, 680_999, UTC),
        "quoted_at": datetime(2026, 5, 22, 14, 1, 49, 680_999, UTC),
        "calendar": "XNYS",
        "session_date": date(2026, 5, 22),
        "currency": "USD",
        "bid": Decimal("16.1"),
        "ask": Decimal("16.3"),
        "bid_size": Decimal(12),
        "ask_size": Decimal(7),
        "bid_venue": "309",
        "ask_venue": "316",
    }


def test_a_quote_of_the_prints_own_microsecond_did_not_stand_before_it(
    rows: list[Mapping[str, Any]],
) -> None:
    assert rows[1]["quoted_at"] == datetime(2026, 5, 22, 14, 1, 49, 681_000, UTC)
    assert rows[1]["bid"] == Decimal("16.2")


def test_a_quote_stood_at_the_moment_that_it_is_kept_for(rows: list[Mapping[str, Any]]) -> None:
    assert all(row["quoted_at"] <= row["known_at"] for row in rows)


def test_a_side_of_0_is_none(rows: list[Mapping[str, Any]]) -> None:
    sides = [[row[f"{side}{part}"] for part in ("", "_size", "_venue")]
             for row in rows[2:] for side in ("bid", "ask")]  # fmt: skip

    none = [None] * 3
    assert sides == [[Decimal("9.9"), Decimal(1), "322"], none, none, none]


def test_a_quote_of_the_evening_is_of_its_date_in_new_york(rows: list[Mapping[str, Any]]) -> None:
    assert rows[3]["session_date"] == date(2026, 5, 21)


def brute_force(quotes: Sequence[tuple[str, int]], trades: set[tuple[str, int]]) -> Any:
    """Return for each moment the place of the last quote before it."""
    found = {}
    for ticker, at in trades:
        before = [n for n, (own, since) in enumerate(quotes) if own == ticker and since < at]
        if before:
            found[(ticker, at)] = before[-1]
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1_000])
def test_where_the_blocks_of_a_file_end_changes_nothing(tmp_path: Path, size: int) -> None:
    drawn = random.Random(20_260_522)
    tickers = [f"O:{name}260618C00100000" for name in ("A", "AA", "B", "C", "D")]
    quotes = sorted((drawn.choice(tickers[:4]), drawn.randrange(30)) for _ in range(80))
    trades = {(drawn.choice(tickers[1:]), drawn.randrange(32)) for _ in range(60)}
    begin = int(NOON.timestamp()) * 1_000_000
    quote_path, trade_path = written(
        tmp_path,
        [
            f"{ticker},1,2,1,1,{n + 1},1,{n},{(begin + at) * 1_000}"
            for n, (ticker, at) in enumerate(quotes)
        ],
        [f"{ticker},209,0,302,1,{(begin + at) * 1_000},1" for ticker, at in sorted(trades)],
    )

    tables = _massive_quotes.kept(
        opened(quote_path), opened(trade_path), massive_option_quotes.FORM, size=size
    )

    found = {}
    for row in (row for table in tables for row in table.to_pylist()):
        at = (row["known_at"] - BEGINNING) // timedelta(microseconds=1) + 1 - begin
        assert (f"O:{row['contract']}", at) not in found
        found[(f"O:{row['contract']}", at)] = int(row["bid"]) - 1
    assert found == brute_force(quotes, trades)
    assert len(found) > 20


def opened(path: Path) -> File:
    return File(path.name, str(path), lambda: path.open("rb"), path=path)


def test_without_the_days_trades_the_sentence_says_which_file_is_missing(
    store: Store, tmp_path: Path
) -> None:
    quotes = tmp_path / "quotes_v1" / DAY
    quotes.parent.mkdir(parents=True)
    shutil.copy(QUOTES, quotes)

    with pytest.raises(FeedError) as told:
        load(store, tmp_path)

    missing = tmp_path / "trades_v1" / DAY
    assert str(told.value) == f"{quotes}: it is read with {missing}, which is not there"


def test_a_file_outside_the_sources_folders_is_refused(store: Store, tmp_path: Path) -> None:
    shutil.copy(QUOTES, tmp_path / "2026-05-22.csv")

    with pytest.raises(FeedError, match=r"csv: its path has no quotes_v1 and no trades_v1; keep"):
        load(store, tmp_path)


def test_other_trades_of_the_day_make_it_another_publication(store: Store, tmp_path: Path) -> None:
    quotes = QUOTES.read_text().splitlines()[1:]
    trades = TRADES.read_text().splitlines()[1:]
    written(tmp_path / "a", quotes, trades[:2])
    written(tmp_path / "b", quotes, trades)

    first, again, other = (load(store, tmp_path / folder)[0] for folder in ("a", "a", "b"))

    assert (first.n_rows, again.is_new, other.n_rows) == (1, False, 3)


def test_a_day_without_trades_is_loaded_and_has_no_rows(store: Store, tmp_path: Path) -> None:
    written(tmp_path, QUOTES.read_text().splitlines()[1:], [])

    (loaded,) = load(store, tmp_path)

    assert (loaded.is_new, loaded.n_rows) == (True, 0)


LINES = QUOTES.read_text().splitlines()[1:]
OUT_OF_ORDER = "come out of the order of tickers and times; mend the loader"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([LINES[1], LINES[0]], f"quotes of O:A260618C00100000 {OUT_OF_ORDER}"),
        ([LINES[5], LINES[4]], f"quotes of O:A260717C00060000 {OUT_OF_ORDER}"),
        ([LINES[0].rpartition(",")[0] + ","], "a quote has no ticker or no time; fetch it again"),
    ],
)
def test_quotes_that_can_not_be_joined_are_refused(
    store: Store, tmp_path: Path, lines: Sequence[str], said: str
) -> None:
    quotes, _ = written(tmp_path, lines, TRADES.read_text().splitlines()[1:])

    with pytest.raises(FeedError) as told:
        load(store, tmp_path)

    assert str(told.value) == f"{quotes}: {said}"


def test_a_line_that_can_not_be_read_stops_the_load(store: Store, tmp_path: Path) -> None:
    written(
        tmp_path, [LINES[0], LINES[1].replace("16.3", "n/a")], TRADES.read_text().splitlines()[1:]
    )

    with pytest.raises(FeedError, match=r"2026-05-22\.csv:3: .*n/a.*; fetch it again$"):
        load(store, tmp_path)
    assert ask(store.place, "raw.option_quotes") == []


def test_a_day_of_the_bucket_is_the_day_of_the_files(store: Store, tmp_path: Path) -> None:
    card, span = massive_option_quotes.FEED, Span(NOON, NOON + timedelta(hours=1))
    with service() as port, answering(Front(port)) as front, front.opened(tmp_path) as bucket:
        front.put(f"us_options_opra/quotes_v1/{DAY}.gz", QUOTES.read_text())
        front.put(f"us_options_opra/trades_v1/{DAY}.gz", TRADES.read_text())
        todo = errand(NAME, card, store.ledger, span, bucket)
        (loaded,) = from_bucket(NAME, massive_option_quotes, store, todo.days, bucket)
        then = errand(NAME, card, store.ledger, span, bucket)

    (again,) = load(store, MESSAGES / "quotes_v1", MESSAGES / "trades_v1")

    assert (loaded.coverage, loaded.n_rows) == (f"quotes_v1/{DAY}", 4)
    assert (then.days, then.n_loaded, again.is_new) == ([], 1, False)


def test_its_objects_are_the_sources_own_and_trades_lie_beside_them() -> None:
    card, day = massive_option_quotes.FEED, date(2026, 5, 22)
    keys = [f"{day:{form}}" for form in (*card.objects, *card.beside)]

    assert keys == [f"us_options_opra/{kind}_v1/{DAY}.gz" for kind in ("quotes", "trades")]
    assert card.coverage(keys[0]) == f"quotes_v1/{DAY}"
