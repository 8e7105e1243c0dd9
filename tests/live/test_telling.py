"""What a rule says of its notices is read from the rule as it was."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from leadline.clock import FOREVER
from live.telling import Telling, telling_of
from tests.acts import act
from tests.desks import at


def test_a_rule_is_read_with_what_it_did_not_say() -> None:
    found = telling_of(json.dumps({"channels": ["desk"], "repeat": "1h", "of": "x", "keep": "5m"}))

    assert found == Telling(("desk",), repeat=timedelta(hours=1))


@pytest.mark.parametrize("definition", [None, "", "{", "[]", '{"wait": "99999999999999d"}'])
def test_what_can_not_be_read_tells_nobody(definition: str | None) -> None:
    assert telling_of(definition) == Telling()


@pytest.mark.parametrize(
    ("telling", "group"),
    [
        (Telling(), ("big", "key=AAPL")),
        (Telling(wait=timedelta(minutes=1)), ("big",)),
        (Telling(group=("sector", "severity")), ("big", "sector=tech", "severity=high")),
        (Telling(group=("venue", "none")), ("big", "venue=X", "none=None")),
        (Telling(group=("sector",), digest="0 17 * * *"), ("big", "digest")),
    ],
)
def test_acts_are_grouped_by_columns_of_their_row(telling: Telling, group: tuple[str, ...]) -> None:
    row: dict[str, Any] = {"sector": "tech", "evidence": {"venue": "X"}}

    assert telling.group_of(act("fired", row=row)) == group


def test_a_digest_comes_at_the_next_moment_of_its_cron() -> None:
    first = at("05 15:00")

    assert Telling(digest="30 * * * *").digest_at(first, UTC) == at("05 15:30")
    assert Telling(digest="0 0 30 2 *").digest_at(first, UTC) == FOREVER
    assert Telling(digest="soon").digest_at(first, UTC) == FOREVER


def test_a_digest_in_the_hour_that_comes_twice_is_told_once() -> None:
    zone, rule = ZoneInfo("Europe/Berlin"), Telling(digest="30 2 * * *")
    told = rule.digest_at(datetime(2024, 10, 26, 22, tzinfo=UTC), zone)

    assert told == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)
    assert rule.digest_at(told, zone) == datetime(2024, 10, 28, 1, 30, tzinfo=UTC)
