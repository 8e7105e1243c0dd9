"""The scores of all stocks, made once for many who ask: they are dear, and change once a session.

They are asked in a warehouse of their own, which holds what they have in common meanwhile, as the
loop's does; the one that is served is asked by many at once and holds nothing.
"""

from collections.abc import Mapping
from concurrent.futures import Future
from datetime import date, datetime, timedelta
from threading import Lock, Timer
from typing import Any

import duckdb

from leadline.errors import LateError
from leadline.held import Held
from leadline.warehouse import Warehouse
from panel_app.answers import Tick
from panel_app.beside import warehouse_beside

Row = dict[str, Any]
ASKED = (
    "scores.smart_money_index", "scores.accumulation", "scores.confidence", "scores.divergence",
    "scores.unusual_activity", "reports.dark_pool_daily",
)  # fmt: skip
# A stock's newest scores in the words of old; every one of them is neutral where nothing is told.
SCORES = """
with indices as (
    select *
    from scores.smart_money_index
    where session_date <= coalesce(cast($day as date), session_date)
    qualify row_number() over (partition by symbol order by session_date desc) = 1
)
select
    indices.symbol,
    strftime(timezone('America/New_York', indices.known_at), '%Y-%m-%dT%H:%M:%S') as timestamp,
    strftime(indices.session_date, '%Y-%m-%dT00:00:00') as date,
    round(dark.offex_ratio, 4) as dark_pool_ratio,
    case dark.direction when 'bull' then 'bullish' when 'bear' then 'bearish' else 'neutral' end
        as dark_pool_sentiment,
    round(rare.unusual_activity, 2) as unusual_activity_score,
    round(coalesce(indices.smart_money_index, 50), 2) as smart_money_index,
    round(coalesce(slow.accumulation, 0), 2) as accumulation_score,
    indices.label as smart_money_label,
    coalesce(indices.is_near_neutral, true) as is_near_neutral,
    coalesce(slow.label, 'neutral') as accumulation_label,
    case
        when slow.accumulation > 20 then 'accumulation'
        when slow.accumulation < -20 then 'distribution'
        else 'neutral'
    end as accumulation_distribution,
    round(coalesce(trust.confidence, 0), 2) as confidence,
    round(coalesce(apart.divergence, 0), 2) as divergence_score,
    apart.flow_pct,
    round(indices.smart_money_index_legacy, 2) as smart_money_index_legacy,
    indices.label_legacy as smart_money_label_legacy,
    round(slow.accumulation_legacy, 2) as accumulation_score_legacy,
    round(rare.unusual_activity_legacy, 2) as unusual_activity_score_legacy,
    round(apart.divergence_legacy, 2) as divergence_score_legacy
from indices
left join scores.accumulation as slow
    on indices.symbol = slow.symbol and indices.session_date = slow.session_date
left join scores.confidence as trust
    on indices.symbol = trust.symbol and indices.session_date = trust.session_date
left join scores.divergence as apart
    on indices.symbol = apart.symbol and indices.session_date = apart.session_date
left join scores.unusual_activity as rare
    on indices.symbol = rare.symbol and indices.session_date = rare.session_date
left join reports.dark_pool_daily as dark
    on indices.symbol = dark.symbol and indices.session_date = dark.session_date
"""
NEUTRAL: Mapping[str, Any] = {
    "timestamp": None, "date": None, "dark_pool_ratio": None, "dark_pool_sentiment": "neutral",
    "unusual_activity_score": None, "smart_money_index": 50.0, "accumulation_score": 0.0,
    "smart_money_label": None, "is_near_neutral": True, "accumulation_label": "neutral",
    "accumulation_distribution": "neutral", "confidence": 0.0, "divergence_score": 0.0,
    "flow_pct": None, "smart_money_index_legacy": None, "smart_money_label_legacy": None,
    "accumulation_score_legacy": None, "unusual_activity_score_legacy": None,
    "divergence_score_legacy": None,
}  # fmt: skip
_LATELY = timedelta(days=5)  # a weekend lies between two sessions, and a holiday
_OLD, _NEW = timedelta(minutes=10), timedelta(minutes=1)  # until an answer is made again
_SPANS = 4  # of which answers are kept
_LIMIT_S = 180  # a whole market of a year is asked about


class Told:
    """The rows of all stocks, by name, as they were at a tick."""

    def __init__(self, tick: Tick) -> None:
        self.tick = tick
        self.rows: Future[dict[str, Row]] = Future()

    def is_stale(self, symbol: str, tick: Tick) -> bool:
        """Say whether loads that came since are worth another question."""
        if not self.rows.done() or tick.version == self.tick.version:
            return False
        wait = _OLD if symbol in self.rows.result() else _NEW
        return tick.until - self.tick.until >= wait


class Scores:
    """Answers threads; whoever finds nothing kept asks, and the others wait for it."""

    def __init__(self, served: Warehouse) -> None:
        self._served = served
        self._lock, self._turn = Lock(), Lock()
        self._kept: dict[tuple[date | None, datetime], Told] = {}
        self._house: Warehouse | None = None

    def of(self, symbol: str, until: datetime, day: date | None, tick: Tick) -> Row:
        """Return a stock's scores of a day, or its newest ones; neutral where it has none.

        Loads that come meanwhile count some minutes later.
        """
        key = day, until.replace(minute=0, second=0)
        with self._lock:
            told = self._kept.get(key)
            is_ours = told is None or told.is_stale(symbol, tick)
            if told is None or is_ours:
                told = self._kept[key] = Told(tick)
                while len(self._kept) > _SPANS:
                    del self._kept[next(iter(self._kept))]
        if is_ours:
            try:
                with self._turn:
                    told.rows.set_result(self._ask(until, day))
            except BaseException as error:
                with self._lock:
                    self._kept.pop(key, None)
                told.rows.set_exception(error)
        return {**NEUTRAL, **told.rows.result().get(symbol, {})}

    def forget(self) -> None:
        """Ask again: somebody just added rows, and waits for them."""
        with self._lock:
            self._kept = {}

    def _ask(self, until: datetime, day: date | None) -> dict[str, Row]:
        house = self._house = self._house or warehouse_beside(self._served, self)
        since = until - _LATELY
        timer = Timer(_LIMIT_S, house.interrupt)
        timer.start()
        try:
            with Held(house).over(dict.fromkeys(ASKED, since), until):
                cursor = house.cursor(list(ASKED), since, until)
                rows = cursor.sql(SCORES, params={"day": day}).to_arrow_table().to_pylist()
        except duckdb.InterruptException as error:
            raise LateError(f"scores: stopped after {_LIMIT_S} s; ask again later") from error
        finally:
            timer.cancel()
        return {row["symbol"]: row for row in rows}
