"""A model that learns is fitted month by month on what was known before, and scores the month."""

import json
import random
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from leadline.errors import MissingError, StoreError, ViewError
from leadline.fitted import Walked
from tests.desks import SmallDesk
from tests.fits import DISTANT, PRICED, distant, learning_desk, prices, told, walk

CHANCE = random.Random(11)
PRICES = [CHANCE.randrange(90, 110) for _ in range(110)]  # 2024-03-01 to 2024-06-18
FIRST = date(2024, 3, 1)
SOON = datetime(2024, 4, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    desk = learning_desk(tmp_path_factory.mktemp("laid") / "desk")
    prices(desk, FIRST, PRICES)
    return desk


@pytest.fixture(scope="module")
def walked(laid: SmallDesk, tmp_path_factory: pytest.TempPathFactory) -> SmallDesk:
    desk = laid.copy(tmp_path_factory.mktemp("walked") / "desk")
    walk(desk)
    return desk


@pytest.fixture
def desk(walked: SmallDesk, tmp_path: Path) -> SmallDesk:
    """Copy it, for tests change it."""
    return walked.copy(tmp_path / "desk")


@pytest.fixture
def fresh(laid: SmallDesk, tmp_path: Path) -> SmallDesk:
    """Copy it as it was before the model ran."""
    return laid.copy(tmp_path / "desk")


def brief(made: list[Walked]) -> list[tuple[int, int, int, int, int]]:
    return [
        (each.month.month, each.n_learned, each.n_inputs, each.loaded.n_rows, each.loaded.n_gone)
        for each in made
    ]


def test_a_month_is_scored_by_what_was_known_before_it_began(walked: SmallDesk) -> None:
    scores = {row["session_date"]: row for row in told(walked)}
    # The print of 31 March is told on 1 April; sixty days before April all of March is known.
    middle = mean(PRICES[:30])

    first, last = min(scores), max(scores)

    assert (first, last) == (date(2024, 4, 1), date(2024, 6, 18))
    assert scores[first]["score"] == round(abs(PRICES[31] - middle), 10)
    assert scores[date(2024, 4, 30)]["score"] == round(abs(PRICES[60] - middle), 10)
    assert scores[date(2024, 4, 30)]["known_at"] == datetime(2024, 5, 1, 3, tzinfo=UTC)
    assert {row["trained_until"].day for row in scores.values()} == {1}
    assert all(row["trained_until"].date() <= day for day, row in scores.items())
    assert json.loads(scores[first]["parts"]) == {"price": PRICES[31]}


def test_a_fit_says_what_it_learned_from_and_how_its_scores_lie(walked: SmallDesk) -> None:
    none, april, may, june = told(walked, "model_fits")

    assert (none["n_rows"], none["score_quantiles"], none["trained_since"]) == (0, None, None)
    assert none["note"] == "no fit: 0 of the 5 sessions that it needs are there"
    # Sixty days before 1 June is 2 April, and the row of 1 April is told at 03:00.
    assert [each["n_rows"] for each in (april, may, june)] == [30, 60, 60]
    assert [each["fitted_for"].month for each in (april, may, june)] == [4, 5, 6]
    assert june["trained_since"] == datetime(2024, 4, 2, 3, tzinfo=UTC)
    assert june["trained_until"] == june["known_at"] == datetime(2024, 6, 1, tzinfo=UTC)
    quantiles = april["score_quantiles"]
    learned = [abs(price - mean(PRICES[:30])) for price in PRICES[:30]]
    assert len(quantiles) == 1_001
    assert quantiles == sorted(quantiles)
    assert quantiles[-1] == pytest.approx(max(learned))
    assert april["library"].startswith("joblib ")


def test_running_again_adds_nothing_whatever_was_deleted(desk: SmallDesk) -> None:
    before = told(desk), told(desk, "model_fits")
    again = walk(desk)
    for path in sorted((desk.root / "store/_models").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()

    anew = walk(desk)

    assert (again, anew) == ([], [])
    assert (told(desk), told(desk, "model_fits")) == before


def test_what_is_told_by_a_moment_is_the_same_whatever_comes_later_or_is_made_again(
    fresh: SmallDesk, walked: SmallDesk
) -> None:
    first, second = datetime(2024, 4, 9, 2, tzinfo=UTC), datetime(2024, 4, 19, 2, tzinfo=UTC)
    whole = told(walked)

    walk(fresh, until=first)
    early = told(fresh)
    for path in (fresh.root / "store/_models/distant").iterdir():
        path.unlink()
    walk(fresh, until=second)

    assert early == [row for row in whole if row["known_at"] < first]
    assert told(fresh) == [row for row in whole if row["known_at"] < second]
    assert (len(early), len(told(fresh))) == (7, 17)


def test_a_month_under_way_is_looked_at_until_all_of_it_is_told(fresh: SmallDesk) -> None:
    walk(fresh, until=datetime(2024, 4, 2, 2, tzinfo=UTC))  # before the first row is told
    nothing = told(fresh)

    made = walk(fresh, until=datetime(2024, 4, 3, 4, tzinfo=UTC))

    assert nothing == []
    assert brief(made) == [(4, 30, 2, 3, 0)]  # two scores and the fit


def test_a_late_print_changes_the_fits_that_learn_from_it_and_no_other(desk: SmallDesk) -> None:
    before = {row["session_date"]: row for row in told(desk)}
    prices(desk, date(2024, 3, 31), [500], feed="late")

    made = walk(desk)
    after = {row["session_date"]: row for row in told(desk)}

    # 31 March is told on 1 April: it is none of April's, and all of May's; June looks back less.
    assert [each.month.month for each in made] == [3, 5]
    changed = {day for day, row in before.items() if after[day] != row}
    assert {day.month for day in changed} == {5}
    assert len(changed) == 31


def test_a_month_whose_rows_were_forgotten_is_forgotten(fresh: SmallDesk) -> None:
    late = prices(fresh, date(2024, 2, 1), [101] * 3, feed="late")
    walk(fresh, until=datetime(2024, 3, 2, tzinfo=UTC))
    with fresh.store() as store:
        store.forget(late.load_id)

    made = walk(fresh, until=datetime(2024, 3, 2, tzinfo=UTC))

    assert [(each.month.month, each.n_inputs, each.loaded.n_gone) for each in made] == [(2, 0, 1)]
    assert told(fresh, "model_fits") == []


def test_another_file_setting_or_seed_is_another_fit(fresh: SmallDesk) -> None:
    def fits(**card: Any) -> set[str]:
        walk(fresh, distant(fresh, **card), until=SOON)
        return {row["fit_id"] for row in told(fresh, "model_fits")}

    first, seeded, settled = fits(), fits(seed=2), fits(settings={"k": 2})
    fresh.write("models/_shared.py", "# what models share\n")
    shared = fits()

    assert len(first | seeded | settled | shared) == 4 * len(first)


def test_a_parameter_of_its_view_computes_anew(desk: SmallDesk) -> None:
    desk.write("leadline.toml", '[params."features.priced"]\nmax_price = 100\n')

    made = walk(desk, until=SOON)

    assert [each.month.month for each in made] == [3, 4]
    found = [row for row in told(desk) if row["known_at"] < SOON]
    assert all(json.loads(row["parts"])["price"] < 100 for row in found)


def test_a_score_looks_back_as_far_as_its_card_says(fresh: SmallDesk) -> None:
    fresh.write("models/distant.py", DISTANT.replace(
        '"score": off', '"score": float(given.num_rows)'
    ))  # fmt: skip

    walk(fresh, distant(fresh, before="3d"), until=SOON)
    found = {row["session_date"]: row["score"] for row in told(fresh)}

    # Its own, and those that were told at most three days before it.
    assert found[date(2024, 4, 1)] == 4
    assert set(found.values()) == {4}


def test_a_constant_input_gives_no_score_but_a_reason(tmp_path: Path) -> None:
    desk = learning_desk(tmp_path / "desk")
    prices(desk, FIRST, [100] * 35)

    made = walk(desk)

    assert [each.note for each in made] == [
        "no fit: 0 of the 5 sessions that it needs are there",
        "no fit: every price is the same",
    ]
    assert told(desk) == []
    assert [row["score_quantiles"] for row in told(desk, "model_fits")] == [None] * 2


def test_scores_of_a_fit_that_is_none_any_more_are_taken_back(desk: SmallDesk) -> None:
    walk(desk, distant(desk, least_sessions=1_000), until=SOON)

    assert min(row["session_date"] for row in told(desk)).month == 5


def test_what_is_no_number_has_a_reason(fresh: SmallDesk) -> None:
    fresh.write("models/distant.py", DISTANT.replace('"score": off', '"score": float("nan")'))

    walk(fresh, until=SOON)

    assert {(row["score"], row["reason"]) for row in told(fresh)} == {
        (None, "the model's answer is no finite number")
    }
    assert {row["score_quantiles"] is None for row in told(fresh, "model_fits")} == {True}


def test_a_broken_artefact_is_told_and_made_anew(desk: SmallDesk) -> None:
    for path in (desk.root / "store/_models/distant").iterdir():
        path.write_bytes(path.read_bytes()[:-9])
    late = prices(desk, date(2024, 6, 19), [101], feed="late")
    said: list[str] = []

    made = walk(desk, until=datetime(2024, 6, 25, tzinfo=UTC), said=said)

    assert late.is_new
    assert [each.month.month for each in made] == [6]
    assert [line.partition(": ")[2] for line in said] == [
        "it is broken, or of another fit; it is fitted anew"
    ] * len(said)
    assert said


def test_a_library_that_is_missing_is_told_once_there_is_something_to_fit(tmp_path: Path) -> None:
    desk = learning_desk(tmp_path / "desk")
    module = distant(desk, library="NoSuchLibrary", extra="models")
    nothing = walk(desk, module)
    prices(desk, FIRST, PRICES[:3])

    with pytest.raises(MissingError) as error:
        walk(desk, module)

    assert nothing == []
    assert str(error.value) == (
        "distant: it computes with NoSuchLibrary, which is missing; pip install 'leadline[models]'"
    )


def test_an_input_without_sessions_and_a_window_without_a_calendar_are_told(
    fresh: SmallDesk,
) -> None:
    with pytest.raises(StoreError, match="it holds no calendar XNYS; run leadline load sessions"):
        walk(fresh, distant(fresh, learns="252 sessions"))
    bare = PRICED.replace("cast(prints.known_at as date) as session_date,\n    ", "")
    fresh.write("sql/views/features/priced.v1.sql", bare)

    with pytest.raises(ViewError, match="it has no 'session_date'"):
        walk(fresh)
