"""A person's own table of CUSIPs is taken as it is written, from the day that it says."""

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from leadline.errors import FeedError
from leadline.publication import Loaded
from leadline.store import Store
from tests.stores import ask, load_files

NAME = "securities_csv"
OWN = """\
CUSIP,Ticker,Company,valid_from,valid_to,note
30303m102,META,Meta Platforms,2022-06-09,,renamed
30303M102,FB,Facebook,2012-05-18,2022-06-09,
084670702,BRK-B,"Berkshire, Inc",,,
115637209,bf/b,,,,
"""


def loaded(store: Store, folder: Path, text: str) -> Loaded:
    path = folder / "securities.csv"
    path.write_text(text)
    (found,) = load_files(store, NAME, path)
    return found


def test_a_line_says_ticker_and_days_and_what_it_leaves_out_is_for_ever(
    store: Store, tmp_path: Path
) -> None:
    loaded(store, tmp_path, OWN)

    rows = ask(store.place, "raw.securities")
    said = [tuple(row[name] for name in ("cusip", "ticker", "valid_from", "valid_to", "issuer"))
            for row in rows]  # fmt: skip
    assert sorted(said, key=str) == [
        ("084670702", "BRK.B", date(1970, 1, 1), None, "Berkshire, Inc"),
        ("115637209", "BF.B", date(1970, 1, 1), None, None),
        ("30303M102", "FB", date(2012, 5, 18), date(2022, 6, 9), "Facebook"),
        ("30303M102", "META", date(2022, 6, 9), None, "Meta Platforms"),
    ]
    known = {row["ticker"]: row["known_at"] for row in rows}
    assert known["META"] == datetime(2022, 6, 9, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "line", ["12345678,SHORT,", '"NVX,Novonix Limited""",', "30303M102,A B,", ",NONE,"]
)
def test_what_is_no_cusip_or_no_ticker_is_set_aside(
    store: Store, tmp_path: Path, line: str
) -> None:
    found = loaded(store, tmp_path, f"cusip,ticker,issuer\n{line}\n084670702,BRK.B,\n")

    assert (found.n_rows, found.n_rejected) == (1, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cusip,symbol\n1,2\n", "securities.csv:1: no column 'ticker'; it needs cusip and ticker"),
        ("cusip,ticker,valid_from\n084670702,A,9/6/22\n", "csv:2: '9/6/22' is no day; write 2022-"),
    ],
)
def test_a_table_of_another_kind_is_refused(
    store: Store, tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(FeedError, match=said):
        loaded(store, tmp_path, text)


def test_parquet_is_a_table_too_and_a_broken_one_is_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "cusip.parquet"
    pq.write_table(pa.table({"Cusip": ["084670702"], "Ticker": ["BRK.B"]}), path)

    (found,) = load_files(store, NAME, path)

    assert found.n_rows == 1
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(FeedError, match="Parquet that is cut short or damaged; fetch it"):
        load_files(store, NAME, path)


@pytest.mark.real
def test_the_real_tables_are_taken_but_for_two_names_that_are_no_tickers(
    real: Path, store: Store
) -> None:
    (listed,) = load_files(
        store, NAME, real / "sec_13f_official_list" / "cusip_ticker_edgartools_ct.pq"
    )
    (managed,) = load_files(store, NAME, real / "sec_13f_positions_by_manager" / "stocks.csv")

    assert (listed.n_rows, listed.n_rejected) == (68_830, 0)
    assert (managed.n_rows, managed.n_rejected) == (12_468, 2)
