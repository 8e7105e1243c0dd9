"""The false-positive rates of rule book 0.3 come out of the house's own views of volume.

CI draws a few thousand quiet sessions, the soak two hundred thousand of each kind.
"""

import numpy as np
import pytest

from tests import nulls
from tests.nulls import LOG, LOG_RULES, RAW, RAW_RULES, Null

SEED = 7
SIGMAS = 4  # of forty-odd figures one lies three off by chance
ROUNDED = 0.51  # of the last digit that the book prints


def last_digit(rate: float) -> float:
    """Return what the last digit of a figure of the book weighs."""
    return float(10.0 ** -len(str(rate).partition(".")[2]))


def odd(book: dict[tuple[Null, str], float], rules: dict[str, str], n: int) -> list[str]:
    """Name the rates that are further from the book's than chance and its rounding allow."""
    found = []
    for null in dict.fromkeys(null for null, _ in book):
        counts = nulls.fired(null, rules, n, SEED)
        for rule, count in counts.items():
            said, rate = book[null, rule], 100 * count / n
            allowed = SIGMAS * nulls.error(max(said, rate), n) + ROUNDED * last_digit(said)
            if abs(rate - said) > allowed:
                found.append(f"{null} {rule}: {rate:.3f} %, the book says {said}")
    return found


def of(book: dict[tuple[Null, str], float], *wanted: Null) -> dict[tuple[Null, str], float]:
    return {key: rate for key, rate in book.items() if key[0] in wanted}


def test_a_few_rates_are_the_books() -> None:
    few = of(RAW, Null(20)), of(LOG, Null(20, "t4"), Null(60))

    assert odd(few[0], RAW_RULES, 4_000) == []
    assert odd(few[1], LOG_RULES, 3_000) == []


def test_a_live_detector_fires_in_quiet_sessions_as_often_as_its_rule() -> None:
    null, n = Null(60, "t4"), 3_000

    found = nulls.alerts("options.high_volume", null, n, SEED)

    assert found == nulls.fired(null, {"rule": "mz60 >= 2.5"}, n, SEED)["rule"] > 50


def test_autocorrelated_logs_are_as_wide_as_the_others() -> None:
    choice = np.random.default_rng(SEED)

    logs = np.log(Null(60, "ar", sd=0.5).volumes(500, choice) / nulls.MEDIAN)

    assert logs[:, -1].std() == pytest.approx(0.5, rel=0.1)
    assert np.corrcoef(logs[:, -1], logs[:, -2])[0, 1] == pytest.approx(0.6, abs=0.1)


@pytest.mark.soak
@pytest.mark.timeout(7_200)
def test_every_rate_is_the_books() -> None:
    assert odd(RAW, RAW_RULES, 200_000) == []
    assert odd(LOG, LOG_RULES, 200_000) == []
