"""All forty: pages, one day, the span, joins, windows, exports and ticks."""

from datetime import timedelta

from benchmarks.asked.days import DAYS
from benchmarks.asked.question import Question
from benchmarks.asked.spans import SPANS

# What a page shows says more than one short query; so nobody else is asked.
PAGES = (
    Question(
        "page",
        "the stock's flow",
        "select * from reports.option_flow where underlying = '{symbol}' limit 200",
        None,
    ),
    Question(
        "page",
        "premiums of a session",
        "select * from reports.option_premiums where underlying = '{symbol}'",
        None,
    ),
    Question(
        "page",
        "a stock off exchange",
        "select * from reports.dark_pool_daily where symbol = '{symbol}'",
        None,
    ),
    Question(
        "page",
        "the day's blocks",
        "select * from reports.blocks_daily where symbol = '{symbol}'",
        None,
    ),
    Question("page", "the tape of coins", "select * from reports.crypto_tape limit 200", None),
    Question("page", "insiders", "select * from reports.insiders limit 200", None, is_day=False),
    Question(
        "page",
        "a stock's prices",
        "select * from reports.price_days where symbol = '{symbol}'",
        None,
        is_day=False,
    ),
    Question(
        "page",
        "the largest changes of open interest",
        "select * from reports.oi_movers limit 200",
        None,
    ),
)
_SHORT = timedelta(seconds=5)
TICKS = (
    Question(
        "tick",
        "sweeps of five seconds",
        "select * from detectors.options_sweep",
        None,
        since=_SHORT,
    ),
    Question(
        "tick", "books that lean", "select * from detectors.crypto_imbalance", None, since=_SHORT
    ),
)
QUESTIONS = (*PAGES, *DAYS, *SPANS, *TICKS)
