"""Verdicts on alerts are kept, each under its own id."""

from pathlib import Path

import pytest

from leadline import clock, reviews
from leadline.errors import QueryError
from tests.desks import SmallDesk, at
from tests.doors import rows
from tests.reviewing import reviewing_desk

ALL = (clock.BEGINNING, clock.FOREVER)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    """Three alerts, two of which begin alike."""
    return reviewing_desk(tmp_path_factory.mktemp("reviews") / "desk")


@pytest.fixture
def own(desk: SmallDesk, tmp_path: Path) -> SmallDesk:
    """Return a desk that a test may change."""
    return desk.copy(tmp_path / "desk")


def test_a_verdict_is_kept_with_what_it_is_about(own: SmallDesk) -> None:
    with own.warehouse() as house, own.store() as store:
        found = reviews.mark(house, store, "prices.high|a", "Real", "ann", "the filing says so")
        (row,) = rows(house.ask("curated.review_labels", *ALL))

    assert found["headline"] == "print a"
    names = ("alert_key", "detector", "entity", "verdict", "is_real", "reviewer", "note")
    assert [row[name] for name in names] == [
        "prices.high|a", "prices.high", "T", "real", True, "ann", "the filing says so",
    ]  # fmt: skip


def test_of_two_verdicts_the_newest_stands_and_both_are_kept(own: SmallDesk) -> None:
    with own.warehouse() as house, own.store() as store:
        reviews.mark(house, store, "prices.high|a", "real", "ann")
        reviews.mark(house, store, "prices.high|a", "false", "bob")
        (label,) = rows(house.ask("curated.review_labels", *ALL))
        kept = rows(house.ask("curated.reviews", *ALL))

    assert (label["verdict"], label["n_reviewers"], label["is_disputed"]) == ("false", 2, True)
    assert len(kept) == 2


def test_who_says_otherwise_at_the_same_moment_is_heard(own: SmallDesk) -> None:
    with own.warehouse() as house, own.store() as store:
        for verdict in ("real", "false", "real", "unsure"):
            reviews.mark(house, store, "prices.high|a", verdict, "ann", at=at("07 15:00"))
        (label,) = rows(house.ask("curated.review_labels", *ALL))

    assert (label["verdict"], label["reviewed_at"]) == ("unsure", at("07 15:00"))


def test_an_alert_goes_by_its_key_and_by_the_first_signs_of_its_id(desk: SmallDesk) -> None:
    with desk.warehouse() as house:
        queue = rows(house.ask(reviews.QUEUE, *ALL))

        for row in queue:
            assert reviews.find(house, row["id"])["alert_key"] == row["alert_key"]
            assert reviews.find(house, row["alert_key"])["alert_key"] == row["alert_key"]
        assert len(queue) == 3


def test_what_is_no_verdict_and_what_is_no_alert_is_told_in_a_sentence(desk: SmallDesk) -> None:
    with desk.warehouse() as house, desk.store() as store:
        for verdict, said in (
            ("reel", "verdict: 'reel' is none; did you mean 'real'"),
            ("42", "verdict: '42' is none; say real, false or unsure"),
        ):
            with pytest.raises(QueryError) as caught:
                reviews.mark(house, store, "prices.high|a", verdict, "ann")
            assert str(caught.value) == said
        for alert in ("zzz", ""):
            with pytest.raises(QueryError, match="no alert has this id; leadline review list"):
                reviews.find(house, alert)
        assert rows(house.ask("curated.reviews", *ALL)) == []
