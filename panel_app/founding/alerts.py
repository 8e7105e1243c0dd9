"""/smart-money/alerts: what fired on a stock, in the words of old."""

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from panel_app.founding.question import Asking, Row
from panel_app.founding.shapes import Hours, Moment, Sentiment, Shape, Symbol, like

Severity = Literal["low", "medium", "high"]

ALERTS = """
select
    entity as symbol,
    strftime(timezone('America/New_York', fired_at), '%Y-%m-%dT%H:%M:%S') as timestamp,
    case
        when detector in ('off_exchange.block', 'off_exchange.large_print') then 'large_block'
        when detector like 'off_exchange.%' then 'dark_pool_spike'
        when detector like 'options.%' then 'unusual_options'
        when detector = 'prices.volume_spike' then 'volume_spike'
        when detector like 'filings.insider%' then 'insider_activity'
        when detector like 'filings.%' and direction = 'bear' then 'institutional_selling'
        when detector like 'filings.%' then 'institutional_buying'
        when detector = 'scores.divergence' then 'divergence'
        else replace(detector, '.', '_')
    end as alert_type,
    case severity when 'critical' then 'high' when 'info' then 'low' else severity end as severity,
    coalesce(what, detector) as title,
    headline as message,
    cast(evidence as text) as data,
    case direction when 'bull' then 'bullish' when 'bear' then 'bearish' else 'neutral' end
        as sentiment
from reports.overview
where
    entity = $symbol
    and fired_at >= (select clock.until from ops.clock as clock) - to_hours($hours)
    and case severity when 'critical' then 'high' when 'info' then 'low' else severity end
    = coalesce(
        cast($severity as text),
        case severity when 'critical' then 'high' when 'info' then 'low' else severity end
    )
order by fired_at desc, alert_key
limit 500
"""


class Alert(Shape):
    """One alert that fired."""

    model_config = like(
        symbol="AAPL", timestamp="2025-11-18T10:30:00", alert_type="dark_pool_spike",
        severity="high", title="A stock trades far more off exchange than it usually does.",
        message="AAPL: 5,000,000 shares off exchange, 3.3 times the mean of 30 sessions",
        data={"volume_ratio30": 3.3}, sentiment="bullish",
    )  # fmt: skip

    symbol: str
    timestamp: Moment
    alert_type: str
    severity: Severity
    title: str
    message: str
    data: dict[str, Any] = Field(description="The alert's evidence.")
    sentiment: Sentiment


def alerts(asking: Asking, symbol: str, hours: int = 24, severity: str | None = None) -> list[Row]:
    """Return what fired, the newest first."""
    binds = {"symbol": symbol, "hours": hours, "severity": severity}
    found = asking.rows(ALERTS, binds)
    return [row | {"data": json.loads(row["data"] or "{}")} for row in found]


def routes(asking: Asking) -> APIRouter:
    """Return the route of alerts."""
    router = APIRouter()

    @router.get("/alerts/{symbol}", response_model=list[Alert], summary="What fired")
    def of_alerts(
        symbol: Symbol,
        hours: Hours = 24,
        severity: Annotated[
            Severity | None, Query(description="high has critical in it, and low has info.")
        ] = None,
    ) -> list[Row]:
        return alerts(asking, asking.symbol(symbol), hours, severity)

    return router
