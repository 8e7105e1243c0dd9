"""A bucket's days are loaded as their files would be: nothing lost, nothing twice."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import pytest

from leadline import load
from leadline.bucket import Bucket
from leadline.clock import Span
from leadline.errand import errand
from leadline.errors import FeedError
from leadline.feed import Batch, Extract, Feed, Files
from leadline.publication import Loaded
from leadline.store import Store
from loaders import finra_short_volume, massive_option_trades
from tests.buckets import Fault, Front, cut, error, on
from tests.sites import Answer
from tests.stores import (
    FINRA_HEADER,
    ask,
    calendar,
    finra,
    lines,
    load_calendar,
    load_files,
    opened,
)

FEED = "massive_short_volume"
DAYS = [date(2024, 3, day) for day in (1, 4, 5, 6, 7)]
SPAN = Span(datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 8, tzinfo=UTC))


def read(files: Files) -> Iterator[Batch]:
    for file in files:
        yield from finra_short_volume.rows(file)


def feed(name: str, **card: object) -> ModuleType:
    """Return a loader whose files a bucket holds."""
    module = ModuleType(name)
    objects = ("short/%Y/CNMSshvol%Y%m%d.txt.gz",)
    module.FEED = Feed(  # type: ignore[attr-defined]
        writes=("short_volume",),
        bucket="https://example.org/b",
        objects=objects,
        **card,  # type: ignore[arg-type]
    )
    module.read = read  # type: ignore[attr-defined]
    return module


MODULE = feed(FEED)


def key(day: date) -> str:
    return f"short/{day:%Y}/CNMSshvol{day:%Y%m%d}.txt.gz"


def body(day: date, *symbols: str, amount: int = 1) -> str:
    """Write a day as FINRA does."""
    rows = [f"{day:%Y%m%d}|{symbol}|{amount}|0|9|Q" for symbol in symbols]
    return "\r\n".join([FINRA_HEADER, *rows, str(len(rows))]) + "\r\n"


def fetched(store: Store, bucket: Bucket, module: ModuleType = MODULE) -> list[Loaded]:
    """Load what the bucket has and the store has not."""
    todo = errand(FEED, module.FEED, store.ledger, SPAN, bucket)
    return list(load.from_bucket(FEED, module, store, todo.days, bucket))


@pytest.mark.usefixtures("in_haste")
def test_days_arrive_each_once_whatever_goes_wrong_between(
    store: Store, place: Path, front: Front, bucket: Bucket, downloads: Path
) -> None:
    for day in DAYS:
        front.put(key(day), body(day, "A", "B"))

    def changed(said: Answer) -> Answer:
        front.put(key(DAYS[3]), body(DAYS[3], "A", "B", "C"))
        return cut(20)(said)

    front.faults = [
        on("list-type", lambda _: error(503, "SlowDown")),
        on(key(DAYS[1]), cut(10)),
        on(key(DAYS[2]), lambda _: error(503, "SlowDown")),
        on(f"{key(DAYS[3])}", changed),
        on(key(DAYS[4]), lambda _: error(500, "InternalError")),
    ]

    loads = fetched(store, bucket)

    assert front.faults == []
    assert [each.coverage for each in loads] == [f"CNMSshvol{day:%Y%m%d}.txt" for day in DAYS]
    assert [each.n_rows for each in loads] == [2, 2, 2, 3, 2]
    assert len(ask(place, "raw.short_volume")) == 11
    assert [path for path in downloads.rglob("*.gz")] == []


def printed(day: date, *sizes: int) -> str:
    """Write a day of option prints as Massive does."""
    at = int(datetime(day.year, day.month, day.day, 15, tzinfo=UTC).timestamp()) * 10**9
    head = "ticker,conditions,correction,exchange,price,sip_timestamp,size"
    return "\n".join([head, *(f"O:AAPL261218C00100000,209,0,302,1.25,{at},{n}" for n in sizes), ""])


@pytest.mark.soak
@pytest.mark.timeout(1_800)
@pytest.mark.usefixtures("in_haste")
def test_a_thousand_flat_files_arrive_each_once_whatever_goes_wrong_between(
    place: Path, front: Front, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "300")
    first, last = date(2020, 3, 2), date(2024, 2, 29)
    days = [row["session_date"] for row in calendar(first, last)][:1_000]
    names = {day: f"us_options_opra/trades_v1/{day:%Y/%m/%Y-%m-%d}.csv.gz" for day in days}
    for day in days:
        front.put(names[day], printed(day, 1, 2))
    again = days[50::100]

    def changed(day: date) -> Fault:
        def fault(said: Answer) -> Answer:
            front.put(names[day], printed(day, 1, 2, 3))
            return cut(20)(said)

        return on(names[day], fault)

    front.faults = [on("continuation-token", lambda _: error(503, "SlowDown"))]
    for day in days[::10]:
        if day in again:
            front.faults.append(changed(day))
        else:
            front.faults += [on(names[day], cut(30)), on(names[day], lambda _: error(503, "Busy"))]
    span = Span(datetime(2020, 3, 1, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC))

    def run(store: Store) -> list[Loaded]:
        name, module = massive_option_trades.NAME, massive_option_trades
        todo = errand(name, module.FEED, store.ledger, span, bucket)
        return list(load.from_bucket(name, module, store, todo.days, bucket))

    with opened(place) as store:
        load_calendar(store, first, last)
        loads, loaded_again = run(store), run(store)

    assert front.faults == []
    assert [each.coverage for each in loads] == [f"{day}.csv" for day in days]
    assert [each.n_rows for each in loads] == [3 if day in again else 2 for day in days]
    assert loaded_again == []
    rows = ask(place, "raw.option_trades")
    found = sorted((row["session_date"], int(row["size"])) for row in rows)
    assert found == [(day, n) for day in days for n in ((1, 2, 3) if day in again else (1, 2))]


def test_what_was_loaded_is_not_asked_for_again(store: Store, front: Front, bucket: Bucket) -> None:
    front.put(key(DAYS[0]), body(DAYS[0], "A"))
    fetched(store, bucket)

    assert fetched(store, bucket) == []
    assert len(front.gets) == 1


def test_an_object_that_was_issued_again_adds_what_differs_and_is_known_since_then(
    store: Store, place: Path, front: Front, bucket: Bucket
) -> None:
    front.put(key(DAYS[0]), body(DAYS[0], "A", "B"))
    fetched(store, bucket)
    front.put(key(DAYS[0]), body(DAYS[0], "A", "B", "C"))

    (again,) = fetched(store, bucket)

    assert (again.n_rows, again.n_gone) == (1, 0)
    first, second = lines(place)[1:]
    assert (first["known_from"], second["known_from"]) == ("loader", "last-modified")
    assert first["origin"].startswith(f"{front.url}/flatfiles/{key(DAYS[0])}#")
    assert first["origin"] != second["origin"]


def test_a_file_on_the_disk_is_the_object_of_its_name(
    store: Store, front: Front, bucket: Bucket, tmp_path: Path
) -> None:
    path = finra(tmp_path / "in", DAYS[0], ["A|1|0|9"])
    front.put(key(DAYS[0]), path.read_text())
    load_files(store, "finra_short_volume", path)

    todo = errand("finra_short_volume", MODULE.FEED, store.ledger, SPAN, bucket)
    (again,) = load.from_bucket("finra_short_volume", MODULE, store, todo.days, bucket)

    assert (again.coverage, again.is_new) == (path.name, False)


def test_a_day_that_can_not_be_read_stops_the_run_and_is_not_fetched_twice(
    store: Store, front: Front, bucket: Bucket
) -> None:
    front.put(key(DAYS[0]), body(DAYS[0], "A"))
    front.put(key(DAYS[1]), "Date|Ticker\r\n")

    for _ in range(2):
        with pytest.raises(
            FeedError, match=r"/CNMSshvol20240304\.txt\.gz#\w{32}:1: the header has"
        ):
            fetched(store, bucket)

    assert store.ledger.place(FEED, "CNMSshvol20240301.txt").standing
    assert len(front.gets) == 2


def test_a_day_is_read_with_what_lies_beside_it_and_is_new_where_either_is(
    store: Store, place: Path, front: Front, bucket: Bucket
) -> None:
    module = feed(FEED, beside=("names/%Y-%m-%d.txt.gz",))
    row = {
        "session_date": DAYS[0], "known_at": SPAN.since, "facility": "CNMS",
        "short_volume": 1, "short_exempt_volume": 0, "total_volume": 9, "market": "Q",
    }  # fmt: skip

    def with_names(files: Files) -> Iterator[Batch]:
        day, names = files
        rows = [row | {"source_symbol": name, "symbol": name} for name in names.text().split()]
        yield "short_volume", Extract(day, rows, beside=(names,))

    module.read = with_names  # type: ignore[attr-defined]
    front.put(key(DAYS[0]), body(DAYS[0]))
    front.put("names/2024-03-01.txt.gz", "A")

    first = fetched(store, bucket, module)
    same = fetched(store, bucket, module)
    front.put("names/2024-03-01.txt.gz", "A B")
    other = fetched(store, bucket, module)

    assert [each.n_rows for each in (*first, *other)] == [1, 1]
    assert same == []
    assert [row["symbol"] for row in ask(place, "raw.short_volume")] == ["A", "B"]
