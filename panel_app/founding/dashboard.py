"""/smart-money/analytics/…/dashboard, which is everything at once."""

from fastapi import APIRouter

from panel_app.founding import alerts, analytics, blocks, dark_pool, institutional
from panel_app.founding.analytics import Percent, Volume
from panel_app.founding.question import Asking, Row
from panel_app.founding.shapes import Moment, Shape, Symbol


class OffExchange(Shape):
    """The dashboard's part off exchange."""

    recent_prints: list[dark_pool.Print]
    summary: dark_pool.Summary


class Managers(Shape):
    """The dashboard's part of managers and insiders."""

    top_holders: list[institutional.Holder]
    flow: institutional.Flow
    insider_sentiment: institutional.InsiderSentiment


class Blocks(Shape):
    """The dashboard's part of blocks and options."""

    recent_blocks: list[blocks.Block]
    options_positioning: blocks.Positioning


class Dashboard(Shape):
    """All of it at once."""

    symbol: str
    timestamp: Moment
    smart_money_flow: analytics.SmartMoneyFlow
    indicators: analytics.Indicators
    dark_pool: OffExchange
    institutional: Managers
    block_trades: Blocks
    alerts: list[alerts.Alert]


def dashboard(
    asking: Asking, symbol: str, price_change: float | None, total_volume: int | None
) -> Row:
    """Return everything, each part as its own route does."""
    scores = analytics.indicators(asking, symbol, price_change, total_volume)
    return {
        "symbol": symbol,
        "timestamp": scores["timestamp"],
        "smart_money_flow": analytics.flow(asking, symbol, None, total_volume),
        "indicators": scores,
        "dark_pool": {
            "recent_prints": dark_pool.prints(asking, symbol, 20),
            "summary": dark_pool.summary(asking, symbol),
        },
        "institutional": {
            "top_holders": institutional.holders(asking, symbol, 10),
            "flow": institutional.flow(asking, symbol),
            "insider_sentiment": institutional.insider_sentiment(asking, symbol),
        },
        "block_trades": {
            "recent_blocks": blocks.recent(asking, symbol),
            "options_positioning": blocks.positioning(asking, symbol),
        },
        "alerts": alerts.alerts(asking, symbol),
    }


def routes(asking: Asking) -> APIRouter:
    """Return the routes of both dashboards."""
    router = APIRouter()

    @router.get(
        "/analytics/{symbol}/dashboard", response_model=Dashboard, summary="Everything at once"
    )
    def of_dashboard(
        symbol: Symbol, price_change: Percent = None, total_volume: Volume = None
    ) -> Row:
        return dashboard(asking, asking.symbol(symbol), price_change, total_volume)

    return router
