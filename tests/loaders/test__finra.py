"""Answers of FINRA's API are read page by page, and none is taken for all before it is."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from leadline.errors import FeedError
from leadline.http import Http
from loaders import _finra
from tests.finra import Finra
from tests.sites import answering, as_json


def asked(site: Finra, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return how long each page was."""
    monkeypatch.setattr(_finra, "API", site.url)
    with (
        answering(site),
        Http("finra", contact=None, folder=folder, per_second=1_000) as http,
    ):
        return [len(page) for page in _finra.rows_of("finra", http, "things", [], ["id"])]


def test_pages_end_where_the_source_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Finra(things=[{"id": n} for n in range(7)])
    site.page = 3

    assert asked(site, tmp_path, monkeypatch) == [3, 3, 1]
    assert [body["offset"] for body in site.bodies] == [0, 3, 6]


def test_nothing_is_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(Finra(things=[]), tmp_path, monkeypatch) == []


def test_more_than_can_be_read_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Finra()
    site.answers = [as_json(200, [{"id": 1}], Record_Total="500001")]

    with pytest.raises(FeedError, match="500,001 rows pass one question"):
        asked(site, tmp_path, monkeypatch)


def test_rows_that_are_lost_between_pages_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Finra()
    site.answers = [
        as_json(200, [{"id": 1}, {"id": 2}], Record_Total="3"),
        as_json(200, [{"id": 2}], Record_Total="3"),
    ]

    with pytest.raises(FeedError, match="told 2 of 3 rows apart") as told:
        asked(site, tmp_path, monkeypatch)

    assert told.value.exit_code == 3


def test_an_evening_is_over_at_midnight_of_new_york() -> None:
    assert _finra.evening(date(2024, 3, 8)) == datetime(2024, 3, 9, 5, tzinfo=UTC)
    assert _finra.evening(date(2024, 7, 8)) == datetime(2024, 7, 9, 4, tzinfo=UTC)


@pytest.mark.parametrize("symbol", ["BRK B", "BRK/B", "BRK.B"])
def test_a_class_has_our_dot(symbol: str) -> None:
    assert _finra.ticker(symbol) == "BRK.B"
