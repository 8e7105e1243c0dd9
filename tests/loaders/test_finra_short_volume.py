"""FINRA's files land as they are, line by line, and what is not there is passed over."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from leadline.clock import Span
from leadline.errors import FeedError
from leadline.feed import Http
from leadline.http import Download
from leadline.load import from_files, over_network, plan
from leadline.publication import Loaded
from leadline.store import Store
from loaders import finra_short_volume
from tests.sites import Answer, Site, answering
from tests.stores import ask, contracts, knowing_sessions

NAME = "finra_short_volume"
MESSAGES = Path(__file__).parent / "messages"
CNMS = MESSAGES / "CNMSshvol20200102.txt"
EMPTY = MESSAGES / "FNRAshvol20200102.txt"
DAY = Span(datetime(2020, 1, 2, tzinfo=UTC), datetime(2020, 1, 3, tzinfo=UTC))
HEADER = "Date|Symbol|ShortVolume|ShortExemptVolume|TotalVolume|Market"
SPAN = Span(datetime(2019, 12, 30, tzinfo=UTC), datetime(2020, 1, 11, tzinfo=UTC))


@dataclass
class Answers:
    """What FINRA answers, in order; None is a 404 or a 403 that says AccessDenied."""

    files: list[Download | None]
    asked: list[str] = field(default_factory=list)
    absent: set[tuple[str, ...]] = field(default_factory=set)

    def download(self, url: str, *, absent: tuple[str, ...] = ()) -> Download | None:
        self.asked.append(url)
        self.absent.add(absent)
        return self.files.pop(0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with knowing_sessions(SPAN, tmp_path / "store") as store:
        yield store


def load(store: Store, path: Path) -> Loaded:
    (loaded,) = from_files(
        NAME, finra_short_volume, store, plan(NAME, finra_short_volume, [path]).files
    )
    return loaded


def by_symbol(store: Store) -> dict[str, dict[str, Any]]:
    return {row["source_symbol"]: row for row in ask(store.place, "raw.short_volume")}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Return what a load of the recorded file brought, by symbol."""
    with knowing_sessions(SPAN, tmp_path_factory.mktemp("cnms")) as store:
        load(store, CNMS)
        return by_symbol(store)


def written(folder: Path, *lines: str, name: str = "CNMSshvol20200102.txt") -> Path:
    """Write lines as FINRA does."""
    (folder / name).write_bytes("".join(f"{line}\r\n" for line in lines).encode())
    return folder / name


def pulled(store: Store, answers: Answers, span: Span = DAY) -> list[Loaded]:
    http = cast(Http, answers)
    return list(over_network(NAME, finra_short_volume, store, span, http))


def test_every_line_but_header_and_footer_is_a_row(store: Store) -> None:
    loaded = load(store, CNMS)

    assert (loaded.coverage, loaded.n_rows, loaded.n_rejected) == (CNMS.name, 8, 0)


def test_a_row_is_what_the_line_says(rows: dict[str, dict[str, Any]]) -> None:
    row = rows["A"]

    assert {name: row[name] for name in contracts()["short_volume"].names} == {
        "session_date": date(2020, 1, 2),
        "facility": "CNMS",
        "source_symbol": "A",
        "symbol": "A",
        "short_volume": Decimal(93_998),
        "short_exempt_volume": Decimal(378),
        "total_volume": Decimal(277_507),
        "market": "B,Q,N",
    }


def test_a_row_is_known_at_6_in_the_evening_of_new_york(rows: dict[str, dict[str, Any]]) -> None:
    assert {row["known_at"] for row in rows.values()} == {datetime(2020, 1, 2, 23, tzinfo=UTC)}


def test_symbols_have_our_dot_and_keep_their_suffix(rows: dict[str, dict[str, Any]]) -> None:
    symbols = {name: row["symbol"] for name, row in rows.items()}

    assert symbols["BRK/B"] == "BRK.B"
    assert symbols["ACEL/WS"] == "ACEL.WS"
    assert symbols["ABRpD"] == "ABRpD"


def test_symbols_that_look_like_values_are_text(rows: dict[str, dict[str, Any]]) -> None:
    assert {"NAN", "TRUE"} <= rows.keys()


def test_a_fraction_of_a_share_is_kept(rows: dict[str, dict[str, Any]]) -> None:
    row = rows["GME"]

    assert row["short_volume"] == Decimal("1234.5")
    assert row["total_volume"] == Decimal("5000.123456")


def test_a_facility_without_trades_loads_no_rows(store: Store) -> None:
    loaded = load(store, EMPTY)

    assert (loaded.is_new, loaded.n_rows, loaded.n_rejected) == (True, 0, 0)


def test_lines_that_cannot_be_read_are_set_aside_by_number_and_the_rest_loads(
    store: Store, tmp_path: Path
) -> None:
    path = written(
        tmp_path, HEADER, "20200102|A|1|0|2|Q", "20200102|B|1|0", "20200102|C|1|0|2|Q|N",
        "20200102|D|many|0|2|Q", "20200102|E|1|0|2|Q", "5",
    )  # fmt: skip

    loaded = load(store, path)

    assert (loaded.n_rows, loaded.n_rejected) == (2, 3)
    assert {row["position"]: row["reason"] for row in ask(store.place, "raw.rejected")} == {
        3: "line 3: missing columns: Expected Number of Columns: 6 Found: 4",
        4: "line 4: too many columns: Expected Number of Columns: 6 Found: 7",
        5: 'line 5: cast: Error when converting column "ShortVolume". '
        "Could not convert string \"many\" to 'DECIMAL'",
    }


def test_more_sold_short_than_traded_is_set_aside(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, "20200102|A|3|0|2|Q", "20200102|B|1|0|2|Q", "2")

    loaded = load(store, path)

    assert (loaded.n_rows, loaded.n_rejected) == (1, 1)


def test_a_day_without_a_session_is_set_aside(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, "20200101|A|1|0|2|Q", "1", name="CNMSshvol20200101.txt")

    load(store, path)

    (row,) = ask(store.place, "raw.rejected")

    assert row["reason"] == "session_date 2020-01-01 is no session of XNYS"


def test_a_footer_that_lies_loads_nothing(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, "20200102|A|1|0|2|Q", "2")

    with pytest.raises(FeedError) as told:
        load(store, path)

    assert str(told.value) == f"{path}:3: footer says 2 rows, found 1; fetch it again"
    assert ask(store.place, "raw.short_volume") == []


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("Date|Symbol|ShortVolume|ShortExemptVolume|TotalVolume", "the header has no 'Market'"),
        ("Symbol|Date|ShortVolume|ShortExemptVolume|TotalVolume|Market", "the header is 'Symbol|"),
    ],
)
def test_another_header_loads_nothing(store: Store, tmp_path: Path, header: str, why: str) -> None:
    path = written(tmp_path, header, "20200102|A|1|0|2|Q", "1")

    with pytest.raises(FeedError) as told:
        load(store, path)

    assert str(told.value).startswith(f"{path}:1: {why}")


def test_a_file_of_another_day_than_its_name_says_loads_nothing(
    store: Store, tmp_path: Path
) -> None:
    path = written(tmp_path, HEADER, "20200103|A|1|0|2|Q", "20200103|B|1|0|2|Q", "2")

    with pytest.raises(FeedError) as told:
        load(store, path)

    assert str(told.value) == (
        f"{path}: 2 lines are of 20200103, and its name says 20200102; fetch it again"
    )
    assert ask(store.place, "raw.short_volume") == []


def test_a_day_that_is_none_is_set_aside(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, "2020-01-02|A|1|0|2|Q", "20200102|B|1|0|2|Q", "2")

    loaded = load(store, path)

    assert (loaded.n_rows, loaded.n_rejected) == (1, 1)


@pytest.mark.parametrize("name", ["CNMS20200102.txt", "XXXXshvol20200102.txt"])
def test_a_name_that_says_no_facility_and_day_is_refused(
    store: Store, tmp_path: Path, name: str
) -> None:
    path = written(tmp_path, HEADER, "20200102|A|1|0|2|Q", "1", name=name)

    with pytest.raises(FeedError, match="its name says no facility and day") as told:
        load(store, path)

    assert str(told.value).endswith("as CNMSshvol20200102.txt does; rename it")


def test_every_facility_is_asked_for_each_day(store: Store) -> None:
    answers = Answers([None] * 12)
    two_days = Span(datetime(2020, 1, 2, 12, tzinfo=UTC), datetime(2020, 1, 3, 12, tzinfo=UTC))

    pulled(store, answers, two_days)

    names = [f"{facility}shvol" for facility in ("CNMS", "FNSQ", "FNQC", "FNYX", "FNRA", "FORF")]
    wanted = [f"{name}202001{day}.txt" for day in ("02", "03") for name in names]

    assert answers.asked == [f"https://cdn.finra.org/equity/regsho/daily/{n}" for n in wanted]


def test_a_refusal_that_means_there_is_no_file_is_named(store: Store) -> None:
    answers = Answers([None] * 6)

    pulled(store, answers)

    assert answers.absent == {("AccessDenied",)}


def test_a_file_that_is_not_there_is_passed_over(store: Store) -> None:
    answers = Answers([None, None, None, None, Download(EMPTY, "https://a/b", None), None])

    loads = pulled(store, answers)

    assert [loaded.coverage for loaded in loads] == [EMPTY.name]


def test_a_block_is_no_absence_and_stops(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    denied = b"<Error><Code>AccessDenied</Code></Error>"
    with (
        answering(Site(Answer(403, denied), Answer(403, b"<html>Request blocked</html>"))) as site,
        Http(NAME, contact=None, folder=tmp_path / "http", per_second=1_000) as http,
    ):
        monkeypatch.setattr(finra_short_volume, "ADDRESS", site.url)
        with pytest.raises(FeedError) as told:
            list(over_network(NAME, finra_short_volume, store, DAY, http))

    assert str(told.value).endswith("the source refused, which is no absence: stop")
    assert site.names == ["CNMSshvol20200102.txt", "FNSQshvol20200102.txt"]


def test_a_file_over_the_network_is_the_file_on_the_disk(store: Store) -> None:
    load(store, CNMS)
    answers = Answers([Download(CNMS, "https://a/b", None), *[None] * 5])

    (loaded,) = pulled(store, answers)

    assert not loaded.is_new


def test_a_corrected_file_adds_what_changed_and_is_known_when_it_was_modified(
    store: Store, tmp_path: Path
) -> None:
    load(store, written(tmp_path, HEADER, "20200102|A|1|0|2|Q", "20200102|B|1|0|2|Q", "2"))
    fresh = written(tmp_path, HEADER, "20200102|A|1|0|9|Q", "20200102|B|1|0|2|Q", "2")
    modified_at = datetime(2020, 1, 6, 15, tzinfo=UTC)

    pulled(store, Answers([Download(fresh, "https://a/b", modified_at), *[None] * 5]))

    rows = [row for row in ask(store.place, "raw.short_volume") if row["known_at"] == modified_at]

    assert [(row["symbol"], row["total_volume"]) for row in rows] == [("A", Decimal(9))]
