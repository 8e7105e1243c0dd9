"""Tables of positions become the filings and the holdings that they were made of."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from leadline.errors import FeedError
from leadline.store import Store
from tests.positions import FOLDER, held
from tests.stores import ask, load_files
from tests.submissions import filings, holdings

TABLE = """\
CUSIP,Ticker,Company,Shares,Delta_Shares,Value,Delta_Value,Delta,Portfolio%
88579Y101,MMM,3M CO,1500,1500,220.29K,220.29K,NEW,0.04%
084670702,BRK.B,"BERKSHIRE HATHAWAY, INC",280597,-76744,517.47M,-141.53M,-21.5%,97.9%
92204A702,VGT,VANGUARD WORLD FD,0,-442,0,-274.86K,CLOSE,0%
Total,,,,,517.69M,-141.51M,-19.6%,100%
"""
CIKS = '"CIK","Fund","Manager"\n"1167483","Tiger Global","Chase Coleman"\n'


def placed(folder: Path, name: str = "2025Q4/Tiger_Global.csv", text: str = TABLE) -> Path:
    """Write a table where it belongs; return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_table_is_a_filing_known_after_its_deadline(store: Store, tmp_path: Path) -> None:
    (tmp_path / "hedge_funds.csv").write_text(CIKS)

    load_files(store, "holdings_csv", placed(tmp_path))

    (filing,) = filings(store)
    assert (filing["accession_no"], filing["cik"]) == ("2025Q4/Tiger_Global", "0001167483")
    assert (filing["manager"], filing["form_type"]) == ("Tiger Global", "13F-HR")
    assert (filing["period_end"], filing["n_entries"]) == (date(2025, 12, 31), 2)
    # 14 February 2026 is a Saturday, and the Monday behind it Washington's Birthday.
    assert filing["filed_date"] == date(2026, 2, 17)
    assert filing["known_at"] == datetime(2026, 2, 18, 5, tzinfo=UTC)


def test_what_is_held_has_shares_and_dollars(store: Store, tmp_path: Path) -> None:
    load_files(store, "holdings_csv", placed(tmp_path))

    assert [
        (row["line"], row["cusip"], row["issuer"], row["shares"], row["value_reported"])
        for row in holdings(store)
    ] == [
        (1, "88579Y101", "3M CO", Decimal(1_500), Decimal(220_290)),
        (2, "084670702", "BERKSHIRE HATHAWAY, INC", Decimal(280_597), Decimal(517_470_000)),
    ]
    tickers = {row["cusip"]: row["ticker"] for row in ask(store.place, "raw.securities")}
    assert tickers == {"88579Y101": "MMM", "084670702": "BRK.B"}


def test_a_manager_whom_no_list_names_goes_by_his_name(store: Store, tmp_path: Path) -> None:
    load_files(store, "holdings_csv", placed(tmp_path, "2025Q1/Grace_&_Mercy.csv"))

    assert [row["cik"] for row in filings(store)] == ["name:Grace & Mercy"]


def test_a_whole_folder_is_loaded_and_its_lists_are_no_positions(
    store: Store, tmp_path: Path
) -> None:
    (tmp_path / "hedge_funds.csv").write_text(CIKS)
    (tmp_path / "stocks.csv").write_text('"CUSIP","Ticker","Company"\n')
    for name in ("2025Q1/Tiger_Global.csv", "2025Q2/Tiger_Global.csv", "2025Q1/AF.csv"):
        placed(tmp_path, name)

    loads = load_files(store, "holdings_csv", tmp_path)

    assert sorted(loaded.coverage for loaded in loads) == [
        "2025Q1/AF.csv", "2025Q1/Tiger_Global.csv", "2025Q2/Tiger_Global.csv",
    ]  # fmt: skip


def test_a_file_of_no_quarter_is_refused(store: Store, tmp_path: Path) -> None:
    path = placed(tmp_path, "others/Tiger_Global.csv")

    with pytest.raises(FeedError) as told:
        load_files(store, "holdings_csv", path)

    assert str(told.value) == (
        f"{path}: its folder and its name say no quarter and manager, as 2025Q1/Tiger_Global.csv "
        f"does; move it"
    )


def test_a_table_shifted_by_a_column_is_refused(store: Store, tmp_path: Path) -> None:
    path = placed(tmp_path, text=TABLE.replace("CUSIP,Ticker,", "Ticker,"))

    with pytest.raises(FeedError, match=":1: the header has no 'CUSIP'"):
        load_files(store, "holdings_csv", path)


def test_a_cusip_that_is_none_is_set_aside(store: Store, tmp_path: Path) -> None:
    (loaded,) = load_files(
        store, "holdings_csv", placed(tmp_path, text=TABLE.replace("88579Y101", "88579Y1"))
    )

    assert loaded.n_rejected == 2  # as a holding and as a security
    assert [row["cusip"] for row in holdings(store)] == ["084670702"]


@pytest.mark.real
def test_a_real_quarter_has_each_position_that_its_files_have(store: Store, real: Path) -> None:
    names = ("AF.csv", "Tiger_Global.csv", "Harvard.csv")
    paths = [real / FOLDER / "2025Q2" / name for name in names]

    loads = load_files(store, "holdings_csv", *paths)

    assert [loaded.n_rejected for loaded in loads] == [0, 0, 0]
    found = [(row["cusip"], int(row["shares"])) for row in holdings(store)]
    told = [
        (row["CUSIP"], int(row["Shares"])) for name in names for row in held(real, "2025Q2", name)
    ]
    assert sorted(found) == sorted(told)
    assert len(filings(store)) == 3
    assert not any(row["cik"].startswith("name:") for row in filings(store))
