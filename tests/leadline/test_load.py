"""A feed's run: what is one publication, what it covers, and what is passed over."""

import gzip
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest

from leadline.clock import BEGINNING, Span
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, File, Files
from leadline.http import Http
from leadline.load import from_files, over_network, plan, steps
from leadline.store import Store
from loaders import finra_short_volume, sessions
from tests.stores import ask, calendar, finra, lines, load_finra, opened, seen

DAY = date(2024, 3, 1)
NO_HTTP = cast(Http, None)
SPAN = Span(datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 2, tzinfo=UTC))


def feed(*batches: Batch, writes: tuple[str, ...] = ("short_volume",), **card: Any) -> ModuleType:
    """A loader whose network is a list."""
    module = ModuleType("feed")
    module.FEED = Feed(writes=writes, **card)  # type: ignore[attr-defined]
    module.pull = lambda span, http: iter(batches)  # type: ignore[attr-defined]
    return module


def file(path: Path, name: str = "", modified_at: datetime | None = None) -> File:
    return File(
        name or path.name, f"https://example.org/{path.name}", lambda: path.open("rb"),
        path=path, modified_at=modified_at,
    )  # fmt: skip


def batch(source: File) -> Batch:
    (found,) = finra_short_volume.rows(source)
    return found


def test_a_file_covers_its_own_name(store: Store, place: Path, tmp_path: Path) -> None:
    paths = [finra(tmp_path, date(2024, 3, day), ["A|1|0|2"]) for day in (1, 4)]

    loaded = load_finra(store, *paths)

    assert [each.coverage for each in loaded] == [path.name for path in paths]
    assert [line["origin"] for line in lines(place)[1:]] == [str(path) for path in paths]


def test_a_packed_file_covers_what_the_plain_one_does(store: Store, tmp_path: Path) -> None:
    path = finra(tmp_path, DAY, ["A|1|0|2"])
    packed = tmp_path / "packed" / f"{path.name}.gz"
    packed.parent.mkdir()
    packed.write_bytes(gzip.compress(path.read_bytes()))
    load_finra(store, path)

    (again,) = load_finra(store, packed)

    assert (again.coverage, again.is_new) == (path.name, False)


def test_a_plan_says_what_is_passed_over(tmp_path: Path) -> None:
    finra(tmp_path / "in", DAY, ["A|1|0|2"])
    (tmp_path / "in" / "notes.md").write_text("no rows")

    found = plan("finra_short_volume", finra_short_volume, [tmp_path / "in"])

    assert [each.name for each in found.files] == ["CNMSshvol20240301.txt"]
    assert list(found.passed_over) == [str(tmp_path / "in" / "notes.md")]
    assert found.n_bytes == (tmp_path / "in" / "CNMSshvol20240301.txt").stat().st_size


def test_a_folder_without_a_file_of_the_feed_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("no rows")

    with pytest.raises(FeedError) as error:
        plan("finra_short_volume", finra_short_volume, [tmp_path])

    assert str(error.value) == (
        f"finra_short_volume: {tmp_path} holds no file of it; its files look like *shvol*.txt"
    )


def test_a_feed_without_files_or_without_a_network_says_so(store: Store, tmp_path: Path) -> None:
    module = feed()
    del module.pull

    with pytest.raises(FeedError) as files:
        plan("sessions", sessions, [tmp_path])
    with pytest.raises(FeedError) as network:
        list(over_network("feed", module, store, SPAN, NO_HTTP))

    assert str(files.value) == "sessions: it reads no files; leave --from out"
    assert str(network.value) == ("feed: it has no network form here; give it files with --from")


def test_a_files_last_modified_dates_its_corrections(
    store: Store, place: Path, tmp_path: Path
) -> None:
    late = datetime(2024, 3, 6, 12, tzinfo=UTC)
    for amount, modified_at in (("1", SPAN.since), ("2", late)):
        path = finra(tmp_path / amount, DAY, [f"A|{amount}|0|2"])
        module = feed(batch(file(path, modified_at=modified_at)))
        list(over_network("feed", module, store, SPAN, NO_HTTP))

    assert [line["known_from"] for line in lines(place)[1:]] == ["loader", "last-modified"]
    moments = {row["short_volume"]: row["known_at"] for row in ask(place, "raw.short_volume")}
    assert moments == {1: datetime(2024, 3, 1, 23, tzinfo=UTC), 2: late}


def test_files_of_one_step_are_publications_of_their_own(store: Store, tmp_path: Path) -> None:
    found = [
        file(finra(tmp_path, DAY, ["A|1|0|2"], facility)) for facility in ("CNMS", "FNSQ", "FNYX")
    ]

    loaded = list(over_network("feed", feed(*map(batch, found)), store, SPAN, NO_HTTP))

    assert [each.coverage for each in loaded] == [each.name for each in found]
    assert [each.n_rows for each in loaded] == [1, 1, 1]


def test_two_files_of_one_name_in_a_step_are_not_taken_for_a_correction(
    store: Store, place: Path, tmp_path: Path
) -> None:
    found = [
        file(finra(tmp_path / folder, DAY, [f"{folder}|1|0|2"]), "CNMSshvol20240301-data.txt")
        for folder in ("a", "b")
    ]

    with pytest.raises(FeedError) as error:
        list(over_network("feed", feed(*map(batch, found)), store, SPAN, NO_HTTP))

    assert "is named CNMSshvol20240301-data.txt as well; mend the loader" in str(error.value)
    assert [row["symbol"] for row in ask(place, "raw.short_volume")] == ["a"]


def test_rows_without_a_file_cover_the_step(store: Store, place: Path) -> None:
    days = Span(datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 4, tzinfo=UTC))
    row = {
        "session_date": DAY, "known_at": SPAN.since, "facility": "CNMS", "source_symbol": "A",
        "symbol": "A", "short_volume": 1, "short_exempt_volume": 0, "total_volume": 2,
        "market": "Q",
    }  # fmt: skip
    module = feed(("short_volume", [row]), ("short_volume", [row | {"source_symbol": "B"}]))

    first = list(over_network("feed", module, store, days, NO_HTTP))
    again = list(over_network("feed", module, store, days, NO_HTTP))

    assert [each.coverage for each in first] == ["2024-03-01", "2024-03-02", "2024-03-03"]
    assert [(each.is_new, each.n_rows) for each in first] == [(True, 2)] * 3
    assert [each.is_new for each in again] == [False] * 3


def test_a_feed_of_one_step_covers_all(store: Store) -> None:
    module = feed(("sessions", calendar(DAY, DAY)), writes=("sessions",), step=0)

    (loaded,) = over_network("feed", module, store, Span(BEGINNING, SPAN.until), NO_HTTP)

    assert loaded.coverage == "all"


def test_a_dry_run_over_the_network_writes_nothing(
    store: Store, place: Path, tmp_path: Path
) -> None:
    module = feed(batch(file(finra(tmp_path, DAY, ["A|1|0|2"]))))

    (loaded,) = over_network("feed", module, store, SPAN, NO_HTTP, dry_run=True)

    assert loaded.n_rows == 1
    assert len(lines(place)) == 1
    assert not (place / "short_volume").exists()


def test_a_dataset_that_the_card_does_not_name_is_a_bug(store: Store) -> None:
    module = feed(("open_interest", [{"contract": "A"}]))

    with pytest.raises(KeyError, match="feed writes open_interest"):
        list(over_network("feed", module, store, SPAN, NO_HTTP))


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, [("03-05", "03-09")]), (1, [("03-05", "03-06"), ("03-06", "03-07"), ("03-07", "03-08"),
     ("03-08", "03-09")]), (7, [("02-29", "03-07"), ("03-07", "03-14")])],
)  # fmt: skip
def test_a_span_is_cut_into_whole_steps(days: int, expected: list[tuple[str, str]]) -> None:
    span = Span(datetime(2024, 3, 5, tzinfo=UTC), datetime(2024, 3, 9, tzinfo=UTC))

    found = steps(span, days)

    assert [(f"{s.since:%m-%d}", f"{s.until:%m-%d}") for s in found] == expected


def test_rows_that_a_loader_reads_out_of_files_cover_them_and_it_may_carry_on(
    store: Store, place: Path, tmp_path: Path
) -> None:
    files = [tmp_path / name for name in ("b.txt", "a.txt")]
    for path in files:
        path.write_text(path.name)
    module = feed()

    def read(found: Files) -> Iterator[Batch]:
        for count, each in enumerate(found, 1):
            row = {"facility": "CNMS", "source_symbol": each.text(), "symbol": str(count)}
            numbers = dict.fromkeys(("short_volume", "short_exempt_volume", "total_volume"), 1)
            when = {"session_date": DAY, "market": "Q", "known_at": SPAN.since}
            yield "short_volume", Extract(each, [row | numbers | when])

    module.read = read  # type: ignore[attr-defined]

    loaded = list(from_files("feed", module, store, plan("feed", module, files).files))

    assert [each.coverage for each in loaded] == ["a.txt", "b.txt"]
    rows = ask(place, "curated.short_volume")
    assert seen(rows, "source_symbol", "symbol") == [("a.txt", "1"), ("b.txt", "2")]


def test_a_loader_over_the_network_may_ask_what_is_there_already(
    store: Store, place: Path, tmp_path: Path
) -> None:
    source = file(finra(tmp_path, DAY, ["A|1|0|2"]))
    module = feed()
    told = []

    def pull(span: Span, http: Http) -> Iterator[Batch]:
        told.append(http.has(source.name))
        yield batch(source)

    module.pull = pull  # type: ignore[attr-defined]
    with Http("feed", contact=None, folder=tmp_path / "http") as http:
        list(over_network("feed", module, store, SPAN, http))
        with opened(place) as just_opened:
            list(over_network("feed", module, just_opened, SPAN, http))

    assert told == [False, True]


def test_what_came_before_a_broken_file_is_in(store: Store, place: Path, tmp_path: Path) -> None:
    good = finra(tmp_path, DAY, ["A|1|0|2"])
    broken = finra(tmp_path, date(2024, 3, 4), ["A|1|0|2"])
    broken.write_text("Date|Symbol\n")

    with pytest.raises(FeedError):
        load_finra(store, good, broken)

    assert [line["coverage"] for line in lines(place)[1:]] == [good.name]


def test_of_a_file_that_breaks_half_way_nothing_is_in(
    store: Store, place: Path, tmp_path: Path
) -> None:
    path = finra(tmp_path, DAY, ["A|1|0|2"])
    module = feed()

    def read(found: Files) -> Iterator[Batch]:
        for each in found:
            yield batch(each)
            raise FeedError(f"{each.origin}: it breaks half way")

    module.read = read  # type: ignore[attr-defined]

    with pytest.raises(FeedError, match="half way"):
        list(from_files("feed", module, store, plan("feed", module, [path]).files))

    assert len(lines(place)) == 1
