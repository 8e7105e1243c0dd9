"""What is fetched from a bucket is what it has of a span's days, and the store has not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from leadline.bucket import Bucket, Found
from leadline.clock import Span
from leadline.errand import errand, origin
from leadline.errors import FeedError
from leadline.feed import Feed
from leadline.publication import Publication
from leadline.store import Store

AT = datetime(2024, 3, 2, tzinfo=UTC)
CARD = Feed(writes=("short_volume",), objects=("days/%Y/%m/%Y-%m-%d.csv.gz",))
PAIR = Feed(
    writes=("short_volume",),
    parts=2,
    objects=("quotes/%Y-%m-%d.csv.gz",),
    beside=("trades/%Y-%m-%d.csv.gz",),
)


@dataclass
class Shelf:
    """A bucket of which nothing is known but its listing."""

    versions: dict[str, str]
    asked: list[tuple[str, str]] = field(default_factory=list)
    address = "https://example.org/shelf"

    def list(self, prefix: str, *, after: str = "") -> Iterator[Found]:
        self.asked.append((prefix, after))
        for key in sorted(self.versions):
            if key.startswith(prefix) and key > after:
                yield Found(key, 10, self.versions[key], AT)


def span(since: str, until: str) -> Span:
    return Span(*(datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (since, until)))


def wanted(store: Store, card: Feed, shelf: Shelf, *of: str) -> Any:
    """Return the errand of a span."""
    return errand("feed", card, store.ledger, span(*of), cast(Bucket, shelf))


def keys(found: Any) -> list[list[str]]:
    return [[each.key for each in (*day.own, *day.beside)] for day in found.days]


def loaded(store: Store, coverage: str, origin: str, amount: int = 1) -> None:
    """Load a row as if it came from there."""
    row = {
        "session_date": datetime(2024, 3, 1).date(), "known_at": AT, "facility": "CNMS",
        "source_symbol": "A", "symbol": "A", "short_volume": amount, "short_exempt_volume": 0,
        "total_volume": 9, "market": "Q",
    }  # fmt: skip
    batches = [("short_volume", [row])]
    store.load(Publication("feed", coverage, ("short_volume",), batches, origin, str(amount)))


def test_only_the_days_of_the_span_are_fetched_and_one_question_lists_them(store: Store) -> None:
    days = ["2023-12-29", "2024-02-29", "2024-03-01", "2024-03-04", "2024-03-05", "2024-04-01"]
    shelf = Shelf({f"days/{day[:4]}/{day[5:7]}/{day}.csv.gz": "a" for day in days})

    found = wanted(store, CARD, shelf, "2024-02-29", "2024-03-05")

    assert keys(found) == [
        ["days/2024/02/2024-02-29.csv.gz"],
        ["days/2024/03/2024-03-01.csv.gz"],
        ["days/2024/03/2024-03-04.csv.gz"],
    ]
    assert shelf.asked == [("days/2024/0", "days/2024/02/2024-02-29.csv.g")]
    assert sum(each.size for each in found.objects) == 30


def test_what_is_loaded_in_this_version_is_not_fetched_again(store: Store) -> None:
    shelf = Shelf({"days/2024/03/2024-03-01.csv.gz": "a"})
    address = "https://example.org/shelf/days/2024/03/2024-03-01.csv.gz"
    loaded(store, "2024-03-01.csv", f"{address}#a")

    found = wanted(store, CARD, shelf, "2024-03-01", "2024-03-02")

    assert (keys(found), found.n_loaded) == ([], 1)


def test_another_version_is_fetched_and_so_is_one_that_was_replaced_since(store: Store) -> None:
    shelf = Shelf({"days/2024/03/2024-03-01.csv.gz": "b"})
    address = "https://example.org/shelf/days/2024/03/2024-03-01.csv.gz"
    loaded(store, "2024-03-01.csv", f"{address}#a")

    changed = wanted(store, CARD, shelf, "2024-03-01", "2024-03-02")
    loaded(store, "2024-03-01.csv", f"{address}#b", 2)
    shelf.versions["days/2024/03/2024-03-01.csv.gz"] = "a"
    back = wanted(store, CARD, shelf, "2024-03-01", "2024-03-02")

    assert len(changed.days) == len(back.days) == 1


def test_a_load_that_was_forgotten_is_fetched_again(store: Store) -> None:
    shelf = Shelf({"days/2024/03/2024-03-01.csv.gz": "a"})
    address = "https://example.org/shelf/days/2024/03/2024-03-01.csv.gz"
    loaded(store, "2024-03-01.csv", f"{address}#a")
    store.forget(store.ledger.lines[-1]["load_id"])

    assert len(wanted(store, CARD, shelf, "2024-03-01", "2024-03-02").days) == 1


def test_a_store_that_was_just_opened_knows_what_it_holds(store: Store, place: Path) -> None:
    shelf = Shelf({"days/2024/03/2024-03-01.csv.gz": "a"})
    address = "https://example.org/shelf/days/2024/03/2024-03-01.csv.gz"
    loaded(store, "2024-03-01.csv", f"{address}#a")
    from tests.stores import opened

    with opened(place) as other:
        found = wanted(other, CARD, shelf, "2024-03-01", "2024-03-02")

    assert found.n_loaded == 1


def test_what_is_read_together_is_fetched_together_when_either_is_new(store: Store) -> None:
    shelf = Shelf({f"{kind}/2024-03-01.csv.gz": kind[0] for kind in ("quotes", "trades")})
    day = ("2024-03-01", "2024-03-02")
    first = wanted(store, PAIR, shelf, *day)
    versions = first.objects
    address = f"{shelf.address}/quotes/2024-03-01.csv.gz"
    loaded(store, "quotes/2024-03-01.csv", origin(address, versions))

    again = wanted(store, PAIR, shelf, *day)
    shelf.versions["trades/2024-03-01.csv.gz"] = "other"
    changed = wanted(store, PAIR, shelf, *day)

    both = ["quotes/2024-03-01.csv.gz", "trades/2024-03-01.csv.gz"]
    assert (keys(first), keys(again), keys(changed)) == ([both], [], [both])
    assert origin(address, versions) == f"{address}#q+t"


def test_what_is_missing_beside_an_object_is_told_before_it_is_fetched(store: Store) -> None:
    shelf = Shelf({"quotes/2024-03-01.csv.gz": "q"})

    with pytest.raises(FeedError) as caught:
        wanted(store, PAIR, shelf, "2024-03-01", "2024-03-02")

    assert str(caught.value) == (
        "feed: https://example.org/shelf has no trades/2024-03-01.csv.gz, "
        "which quotes/2024-03-01.csv.gz is read with; try again later"
    )
    assert caught.value.exit_code == 3
