"""What is to be fetched from a bucket: what it has of a span's days, and the store has not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from os.path import commonprefix
from typing import TYPE_CHECKING

from leadline import clock
from leadline.clock import Span
from leadline.errors import FeedError
from leadline.feed import Feed
from leadline.ledger import Ledger

if TYPE_CHECKING:  # few installations have a bucket
    from leadline.bucket import Bucket, Found


@dataclass(frozen=True)
class Day:
    """One day's objects: those that are loads of their own, and those that they are read with."""

    own: "Sequence[Found]"
    beside: "Sequence[Found]"


@dataclass(frozen=True)
class Errand:
    """The days to fetch, and how many objects of the span the store has already."""

    days: Sequence[Day]
    n_loaded: int

    @property
    def objects(self) -> "Sequence[Found]":
        """All that is to be fetched."""
        return [each for day in self.days for each in (*day.own, *day.beside)]


def errand(name: str, card: Feed, ledger: Ledger, span: Span, bucket: "Bucket") -> Errand:
    """List a bucket's objects of a span's days.

    The store has an object if its newest load in force is of the version that is listed.
    """
    ledger.refresh()
    listed: dict[str, Found] = {}
    dates = clock.days(span)
    for form in (*card.objects, *card.beside):
        listed |= _listed(bucket, [f"{day:{form}}" for day in dates])
    days, n_loaded = [], 0
    for day in dates:
        own = [listed[key] for key in _keys(day, card.objects) if key in listed]
        beside = [listed[key] for key in _keys(day, card.beside) if key in listed]
        todo = []
        for each in own:
            standing = ledger.place(name, card.coverage(each.key)).standing
            here = origin(f"{bucket.address}/{each.key}", (each, *beside))
            if standing and standing[-1]["origin"] == here:
                n_loaded += 1
            else:
                todo.append(each)
        if missing := [key for key in _keys(day, card.beside) if todo and key not in listed]:
            what = f"has no {missing[0]}, which {todo[0].key} is read with; try again later"
            raise FeedError(f"{name}: {bucket.address} {what}", try_again=True)
        if todo:
            days.append(Day(todo, beside))
    return Errand(days, n_loaded)


def origin(address: str, versions: "Sequence[Found]") -> str:
    """Return where an object lies, and as a fragment its version with those it is read with."""
    return f"{address}#{'+'.join(each.etag for each in versions)}"


def _keys(day: date, forms: Sequence[str]) -> list[str]:
    """Return what a day's objects are called."""
    return [f"{day:{form}}" for form in forms]


def _listed(bucket: "Bucket", keys: Sequence[str]) -> "dict[str, Found]":
    """Return which of these keys a bucket has; they are in its order."""
    found = {}
    prefix = commonprefix(keys)  # noqa: RUF071  one of S3 ends anywhere
    # A listing begins behind the key that it is told.
    for each in bucket.list(prefix, after=keys[0][:-1]):
        if each.key > keys[-1]:
            break
        found[each.key] = each
    return found
