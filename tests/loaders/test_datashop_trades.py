"""DataShop's files land as prints with the quote beside them; the message here is hand-written."""

import gzip
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.feed import files
from leadline.store import Store
from loaders import datashop_trades, option_codes
from tests.stores import ask, contracts, knowing_sessions, load_files

NAME = "UnderlyingOptionsTradesCalcs_2018-01-08.csv"
MESSAGE = (Path(__file__).parent / "messages" / NAME).read_text()
HEADER, *LINES = MESSAGE.splitlines()
SPAN = Span(datetime(2018, 1, 1, tzinfo=UTC), datetime(2018, 2, 1, tzinfo=UTC))
Rows = list[dict[str, Any]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(SPAN, tmp_path / "store") as store:
        yield store


@pytest.fixture(scope="module")
def prints(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Return the message's prints as a store holds them, in their order."""
    folder = tmp_path_factory.mktemp("datashop")
    (folder / NAME).write_text(MESSAGE)
    with knowing_sessions(SPAN, folder / "store") as store:
        (loaded,) = load_files(store, "datashop_trades", folder / NAME)
        assert (loaded.coverage, loaded.n_rows, loaded.n_rejected) == (NAME, len(LINES), 0)
        return sorted(ask(store.place, "raw.option_trades"), key=lambda row: row["sequence"])


def saved(folder: Path, *lines: str, header: str = HEADER, name: str = NAME) -> Path:
    """Save lines as DataShop does."""
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


def changed(line: str, **values: str) -> str:
    """Return a line with other values in some of its named columns."""
    said = dict(zip(HEADER.split(","), line.split(","), strict=False)) | values
    named = [name for name in HEADER.split(",") if name]
    return ",".join([*(said[name] for name in named), *line.split(",")[len(named) :]])


def read(path: Path) -> Rows:
    """Return the rows that a file yields; what had to be unpacked for that is deleted."""
    found, _ = files([path], datashop_trades.FEED.knows)
    said = [cast(Any, extract).rows for _, extract in datashop_trades.read(found)]
    for file in found:
        file.close()
    return [row for batch in said for row in batch.to_pylist()]


def test_a_print_is_what_the_line_says(prints: Rows) -> None:
    said = {name: prints[1][name] for name in contracts()["option_trades"].names}

    assert {name: value for name, value in said.items() if value is not None} == {
        "contract": "SPXW180112P02750000",
        "venue": "5",
        "trade_id": "20180108-1204418-18-12.3000-25-1",
        "traded_at": datetime(2018, 1, 8, 14, 30, 1, 125000, tzinfo=UTC),
        "calendar": "XNYS",
        "session_date": date(2018, 1, 8),
        "root": "SPXW",
        "expiration": date(2018, 1, 12),
        "strike": Decimal(2750),
        "put_call": "put",
        "price": Decimal("12.3"),
        "size": 25,
        "currency": "USD",
        "condition": "18",
        "bid": Decimal("12.1"),
        "ask": Decimal("12.5"),
        "underlying_price": Decimal("2742.67"),
        "iv": 0.0873,
        "delta": -0.5214,
    }
    assert prints[1]["known_at"] == prints[1]["traded_at"]


def test_a_bid_or_volatility_of_0_is_none_and_its_delta_too(prints: Rows) -> None:
    row = prints[0]

    assert (row["bid"], row["ask"], row["iv"], row["delta"]) == (None, Decimal(5), None, None)


def test_the_underlying_is_between_its_bid_and_its_ask(prints: Rows) -> None:
    assert prints[2]["underlying_price"] == Decimal("174.13")


def test_prints_that_share_a_number_are_told_apart(prints: Rows) -> None:
    assert [row["trade_id"] for row in prints[2:5]] == [
        "20180108-40210077-95-3.1000-10-1",
        "20180108-40210077-95-3.1000-10-2",
        "20180108-40210077-95-3.1000-4-1",
    ]


def test_a_cancelled_print_stands_until_its_cancel(prints: Rows) -> None:
    traded, cancel = prints[5:]

    assert (traded["condition"], cancel["condition"]) == ("114", "40")
    assert {traded[name] == cancel[name] for name in ("contract", "venue", "price", "size")} == {
        True
    }
    assert cancel["known_at"] == datetime(2018, 1, 8, 15, 16, 2, 750000, tzinfo=UTC)


def test_every_code_is_one_that_option_codes_knows(prints: Rows) -> None:
    conditions = {row["condition"] for row in option_codes.lettered()}
    conditions |= {row["condition"] for row in option_codes.worded()}
    venues = {
        row["venue_code"] for row in option_codes.venues() if row["source_feed"][:8] == "datashop"
    }

    assert {row["condition"] for row in prints} <= conditions
    assert {row["venue"] for row in prints} <= venues


def test_a_cancelled_print_that_an_old_file_has_twice_counts_once(
    store: Store, tmp_path: Path
) -> None:
    path = saved(tmp_path, changed(LINES[5], canceled_trade_condition_id="0"), LINES[5])

    (loaded,) = load_files(store, "datashop_trades", path)

    assert (loaded.n_rows, loaded.n_rejected) == (1, 0)


def test_a_print_under_a_second_underlying_counts_once(store: Store, tmp_path: Path) -> None:
    second = {"underlying_symbol": "ZZZ", "underlying_bid": "9.00", "underlying_ask": "9.10"}
    path = saved(tmp_path, LINES[1], changed(LINES[1], **second))

    (loaded,) = load_files(store, "datashop_trades", path)

    assert (loaded.n_rows, loaded.n_rejected) == (1, 1)
    ((_, reason),) = [(row["dataset"], row["reason"]) for row in ask(store.place, "raw.rejected")]
    assert reason == "repeats contract, venue, trade_id with other values"


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"option_type": "X"}, "contract is missing"),
        ({"expiration": "01/19/2018"}, "contract is missing"),
        ({"strike": "n/a"}, "contract is missing"),
        ({"quote_datetime": "08JAN2018"}, "traded_at is missing"),
        ({"quote_datetime": "2018-01-06 10:00:00.000"}, "session_date 2018-01-06 is no session"),
        ({"trade_price": "n/a"}, "price is n/a, no decimal"),
        ({"trade_size": "0"}, "size > 0"),
        ({"exchange_id": ""}, "venue is missing"),
    ],
)
def test_a_line_that_cannot_be_so_is_set_aside_and_the_rest_loads(
    store: Store, tmp_path: Path, columns: dict[str, str], reason: str
) -> None:
    path = saved(tmp_path, changed(LINES[1], **columns), LINES[2])

    (loaded,) = load_files(store, "datashop_trades", path)

    (told,) = loaded.reasons
    assert (loaded.n_rows, loaded.n_rejected) == (1, 1)
    assert reason in told


def test_plain_files_have_neither_volatility_nor_delta(tmp_path: Path) -> None:
    header = HEADER.replace("trade_iv,trade_delta,", "")
    line = LINES[1].replace("0.0873,-0.5214,", "")
    path = saved(tmp_path, line, header=header, name="UnderlyingOptionsTrades_2016-06-01.csv")

    (row,) = read(path)

    assert (row["bid"], row["underlying_price"]) == (Decimal("12.1"), Decimal("2742.67"))
    assert "iv" not in row


def test_lines_without_the_exchanges_quotes_are_read_as_well(tmp_path: Path) -> None:
    bare = ",".join(LINES[1].split(",")[:19])
    path = saved(tmp_path, bare, f"{bare},", header=HEADER.rstrip(","))

    assert [row["contract"] for row in read(path)] == ["SPXW180112P02750000"] * 2


def test_texts_may_be_quoted(tmp_path: Path) -> None:
    quoted = LINES[1].replace("^SPX,", '"^SPX",').replace(",SPXW,", ',"SPXW",')

    (row,) = read(saved(tmp_path, quoted.replace(",P,", ',"P",')))

    assert row["contract"] == "SPXW180112P02750000"


def test_an_evening_is_the_next_day_s_session(tmp_path: Path) -> None:
    late = changed(LINES[1], quote_datetime="2018-01-08 20:15:00.000")

    (row,) = read(saved(tmp_path, late))

    assert row["session_date"] == date(2018, 1, 9)
    assert row["traded_at"] == datetime(2018, 1, 9, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize("pack", ["zip", "gz"])
def test_a_file_may_be_packed(tmp_path: Path, pack: str) -> None:
    path = tmp_path / f"{NAME if pack == 'gz' else NAME[:-4]}.{pack}"
    if pack == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(NAME, MESSAGE)
    else:
        path.write_bytes(gzip.compress(MESSAGE.encode()))

    assert len(read(path)) == len(LINES)


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (HEADER.replace("best_bid", "bid"), "has no 'best_bid'; it should read underlying_symbol,"),
        ("a,b,c,d", "has no 'underlying_symbol'; it should read underlying_symbol,"),
        (f"id,{HEADER}", "begins with id,underlying_symbol,quote_datetime; it should read "),
    ],
)
def test_another_layout_stops_the_load(tmp_path: Path, header: str, told: str) -> None:
    path = saved(tmp_path, *LINES, header=header)

    with pytest.raises(FeedError) as refused:
        read(path)

    assert str(refused.value).startswith(f"{path}:1: the header {told}")


def test_a_line_of_too_many_columns_stops_the_load(tmp_path: Path) -> None:
    path = saved(tmp_path, LINES[1] + ",0" * 400)

    with pytest.raises(FeedError, match=f"^{path}: .*; fetch it again$"):
        read(path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_text("")

    with pytest.raises(FeedError, match="the header has no 'underlying_symbol'"):
        read(path)


def test_its_files_are_named_after_what_they_hold() -> None:
    names = [NAME, "UnderlyingOptionsTrades_2016-06-01.csv", "UnderlyingOptionsEODCalcs.csv"]

    assert [datashop_trades.FEED.knows(name) for name in names] == [True, True, False]
