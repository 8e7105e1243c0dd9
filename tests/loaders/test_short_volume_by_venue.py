"""Short volume by venue lands in the same dataset as FINRA's own files, and says its venue."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.load import plan
from leadline.store import Store
from loaders import short_volume_by_venue
from tests.lean import told
from tests.stores import ask, knowing_sessions, load_files

NAME = "short_volume_by_venue"
MESSAGES = Path(__file__).parent / "messages"
SPAN = Span(datetime(2010, 1, 1, tzinfo=UTC), datetime(2021, 8, 2, tzinfo=UTC))
HEADER = "Date|Symbol|Short Volume|Short Exempt Volume|Total Volume|Market Center"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with knowing_sessions(SPAN, tmp_path_factory.mktemp("venues")) as store:
        load_files(store, NAME, MESSAGES / "2 FNYX.txt", MESSAGES / "3 BATS.txt")
        yield store


def written(folder: Path, name: str, *lines: str) -> Path:
    """Write lines as they lie there."""
    path = folder / name
    path.write_bytes("".join(f"{line}\r\n" for line in (HEADER, *lines)).encode())
    return path


def test_a_line_is_a_row_of_the_files_own_facility(store: Store) -> None:
    rows = ask(store.place, "raw.short_volume")

    (row,) = [r for r in rows if (r["facility"], str(r["session_date"])) == ("FNYX", "2019-10-14")]
    names = ("symbol", "short_volume", "short_exempt_volume", "total_volume", "market")
    assert tuple(row[name] for name in names) == (
        "AVUS", Decimal(952), Decimal(0), Decimal(952), "N",
    )  # fmt: skip
    assert Counter(row["facility"] for row in rows) == {"FNYX": 6, "BATS": 4}


def test_the_exchange_is_known_a_day_after_finra(store: Store) -> None:
    rows = ask(store.place, "raw.short_volume")

    known = {(row["facility"], row["session_date"]): row["known_at"] for row in rows}
    assert known["FNYX", date(2019, 10, 14)] == datetime(2019, 10, 14, 22, tzinfo=UTC)
    assert known["BATS", date(2019, 10, 15)] == datetime(2019, 10, 16, 22, tzinfo=UTC)


def test_what_stands_twice_is_one_row_and_what_contradicts_it_goes_aside(tmp_path: Path) -> None:
    same = "20110531|IWM|1564324|2242|1892016|N"
    path = written(tmp_path, "2 FNYX.txt", same, same, "20110531|IWM|1|0|1892016|N")

    with knowing_sessions(SPAN, tmp_path / "store") as store:
        (loaded,) = load_files(store, NAME, path)

    assert (loaded.n_rows, loaded.n_rejected) == (1, 1)


def test_lines_of_2014_with_the_letter_q_are_the_adfs(tmp_path: Path) -> None:
    path = written(tmp_path, "2 FNRA - Q (2014).txt", "20140224|DSI|143|0|143|Q")

    (row,) = told(NAME, path, span=SPAN)["short_volume"].to_pylist()

    assert (row["facility"], row["market"]) == ("FNRA", "Q")


@pytest.mark.parametrize("name", ["FNYX.txt", "2 ABCD.txt"])
def test_a_name_that_says_no_venue_is_refused(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, "20140224|DSI|143|0|143|Q")

    with pytest.raises(FeedError, match="its name says none of FNSQ, FNYX,"):
        list(short_volume_by_venue.read(plan(NAME, short_volume_by_venue, [path]).files))


@pytest.mark.real
def test_every_line_of_the_real_files_is_a_row(real: Path) -> None:
    rows = told(NAME, real / "shortvol_gme_etfs_by_venue", span=SPAN)["short_volume"]

    counted = Counter(rows["facility"].to_pylist())
    assert counted == {
        "FNSQ": 131_672, "FNYX": 92_998, "FNQC": 7_828, "FNRA": 3_994 + 1_260, "FORF": 377,
        "BATS": 106_100,
    }  # fmt: skip
    assert len(set(rows["symbol"].to_pylist())) == 80
