"""What is certainly wrong is mended, what may be wrong is noted, all else stays as it traded."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from loaders._yahoo_repair import mended, plain
from loaders._yahoo_series import PRICES, Bar, Payment, Series
from tests.charts import noisy

FIRST = date(2024, 3, 4)


def bar(place: int, price: Any, *, volume: int = 1_000, adjusted: Any = None, **prices: Any) -> Bar:
    """Return a session's bar, so many days after the first."""
    day = FIRST + timedelta(days=place)
    own = dict.fromkeys(PRICES, Decimal(str(price))) | prices
    at = datetime(day.year, day.month, day.day, 14, 30, tzinfo=UTC)
    return Bar(at, day, own, Decimal(volume), Decimal(str(price if adjusted is None else adjusted)))


def series(*bars: Bar, **more: Any) -> Series:
    return Series("AAPL", "1d", list(bars), **more)


def closes(found: Series) -> list[Decimal | None]:
    return [each.close for each in found.bars]


def notes(found: Series) -> list[str | None]:
    return [each.note for each in found.bars]


@pytest.mark.parametrize(
    "price", ["1032.65", "4.79", "0.0001", "37.7", "5000.01", "93.7", "28.75", "0.512345"]
)
def test_the_noise_of_a_float_is_taken_away(price: str) -> None:
    assert plain(Decimal(noisy(float(price)))) == Decimal(price)
    assert plain(Decimal(noisy(float(price) / 28)) * 28) == Decimal(price)


def test_prices_volumes_and_payments_before_splits_are_as_they_traded() -> None:
    told = series(
        bar(0, 25, volume=4_000), bar(1, 25, volume=4_000), bar(2, 50), bar(3, 50),
        splits={FIRST + timedelta(days=2): Decimal(2), FIRST + timedelta(days=1): Decimal(2)},
        payments=[Payment(FIRST, Decimal("0.25")), Payment(FIRST + timedelta(days=40), Decimal(1))],
    )  # fmt: skip

    found = mended(told)

    assert closes(found) == [100, 50, 50, 50]
    assert [each.volume for each in found.bars] == [1_000, 2_000, 1_000, 1_000]
    assert [paid.amount for paid in found.payments] == [1, 1]


def test_a_live_row_beside_the_session_s_own_is_one_bar_with_it() -> None:
    first = bar(0, 10, high=Decimal(11), low=Decimal(9))
    live = bar(0, 12, volume=1_500, open=Decimal(12))
    live.at += timedelta(hours=6)

    found = mended(series(first, live, bar(1, 12)))

    assert [list(each.prices.values()) for each in found.bars] == [[10, 12, 9, 12], [12] * 4]
    assert [each.volume for each in found.bars] == [1_500, 1_000]
    assert notes(found) == ["mended: a live row beside it", None]


def test_a_row_without_anything_is_no_bar() -> None:
    empty = Bar(bar(1, 1).at, bar(1, 1).day, dict.fromkeys(PRICES), None)

    assert len(mended(series(bar(0, 10), empty, bar(2, 10))).bars) == 2


@pytest.mark.parametrize(("wrong", "which"), [(1_000, PRICES), ("0.1", PRICES), (1_000, ["high"])])
def test_a_hundredfold_price_is_mended(wrong: Any, which: list[str]) -> None:
    odd = bar(2, 10)
    odd.prices |= {name: Decimal(str(wrong)) for name in which}

    found = mended(series(bar(0, 10), bar(1, 11), odd, bar(3, 10), bar(4, 9)))

    assert list(found.bars[2].prices.values()) == [10] * 4
    assert notes(found) == [None, None, "mended: a hundredfold price", None, None]


def test_a_price_that_is_only_far_away_is_noted_and_left() -> None:
    found = mended(series(bar(0, 10), bar(1, 11), bar(2, 40), bar(3, 10)))

    assert closes(found)[2] == 40
    assert notes(found)[2] == "doubted: a price far from its neighbours'"


def test_a_rise_that_lasts_is_nothing_odd() -> None:
    found = mended(series(bar(0, 10), bar(1, 11), bar(2, 40), bar(3, 41), bar(4, 39)))

    assert notes(found) == [None] * 5


def test_a_hundredfold_stretch_stays_for_nobody_knows_which_end_is_right() -> None:
    told = [bar(0, 10), bar(1, 10), *(bar(n, 1_000) for n in (2, 3, 4)), bar(5, 10), bar(6, 10)]

    assert closes(mended(series(*told)))[3] == 1_000


def test_a_split_that_is_not_in_the_prices_before_it_is_not_taken_out_of_them() -> None:
    told = [bar(0, 100), bar(1, 101), bar(2, 98), bar(3, 25), bar(4, 24)]

    found = mended(series(*told, splits={FIRST + timedelta(days=3): Decimal(4)}))

    assert closes(found) == [100, 101, 98, 25, 24]
    assert notes(found) == ["mended: a split was not in it"] * 3 + [None] * 2
    assert found.bars[0].volume == 1_000


def test_a_split_that_is_missing_in_a_stretch_is_mended_there_alone() -> None:
    told = [bar(0, 25), bar(1, 25), bar(2, 98), bar(3, 25), bar(4, 24)]

    found = mended(series(*told, splits={FIRST + timedelta(days=3): Decimal(4)}))

    assert closes(found) == [100, 100, 98, 25, 24]


def test_a_leap_at_a_split_that_is_not_its_ratio_is_noted() -> None:
    told = [bar(0, 10), bar(1, 10), bar(2, 4), bar(3, 4)]

    found = mended(series(*told, splits={FIRST + timedelta(days=2): Decimal(10)}))

    assert closes(found) == [100, 100, 4, 4]
    assert notes(found) == [None, None, "doubted: a leap at a split", None]


def test_a_leap_without_a_split_may_have_happened() -> None:
    found = mended(series(bar(0, 10), bar(1, 10), bar(2, 5), bar(3, 5)))

    assert closes(found) == [10, 10, 5, 5]


def paying(*amounts: Any, every: int = 90, off: dict[int, Any] | None = None) -> Series:
    """Return a year of a stock at 10 whose closes lost what was paid, or what is said."""
    days = [bar(n, 10, adjusted=10) for n in range(every * len(amounts) + 10)]
    payments = []
    for n, amount in enumerate(amounts, start=1):
        payments.append(Payment(FIRST + timedelta(days=n * every), Decimal(str(amount))))
        lost = Decimal(str((off or {}).get(n, amount)))
        for each in days[: n * every]:
            each.adjusted = each.adjusted and each.adjusted * (1 - lost / 10)
    return series(*days, payments=payments)


def told_of(found: Series) -> list[tuple[Decimal, str | None]]:
    return [(paid.amount, paid.note) for paid in found.payments]


@pytest.mark.parametrize(
    ("told", "off"), [("12", "0.12"), ("0.0012", "0.12"), ("8", "8"), ("12", "0")]
)
def test_a_hundredfold_payment_is_mended_by_the_closes_or_by_habit(told: str, off: str) -> None:
    right = Decimal("0.08") if told == "8" else Decimal("0.12")

    found = mended(paying("0.11", "0.12", told, off={3: off}))

    assert told_of(found)[2] == (right, "mended: a hundredfold payment")


def test_a_payment_that_is_large_stays_where_closes_lost_it() -> None:
    assert told_of(mended(paying("0.5", "4", "0.5"))) == [
        (Decimal("0.5"), None), (Decimal(4), None), (Decimal("0.5"), None),
    ]  # fmt: skip


def test_a_payment_by_which_the_price_fell_stays_whatever_is_usual() -> None:
    told = paying("0.06", "6", "0.06")
    for each in told.bars[180:]:
        each.prices = dict.fromkeys(PRICES, Decimal(4))

    assert told_of(mended(told))[1] == (Decimal(6), None)


def test_more_than_the_price_is_doubted() -> None:
    assert told_of(mended(paying("12")))[0] == (Decimal(12), "doubted: more than the price")


def test_of_a_payment_told_twice_that_is_doubted_which_the_closes_did_not_lose() -> None:
    told = paying("0.1", "0.1", "0.1")
    told.payments.insert(1, Payment(told.payments[1].day - timedelta(days=4), Decimal("0.1")))

    assert [paid.note for paid in mended(told).payments] == [
        None,
        "doubted: told twice",
        None,
        None,
    ]


def test_who_pays_weekly_may_pay_the_same_again() -> None:
    assert [note for _, note in told_of(mended(paying(*["0.1"] * 5, every=7)))] == [None] * 5
