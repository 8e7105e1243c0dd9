"""/smart-money/demo: invents a stock, in a store in which all is invented, and in no other."""

import re
from threading import Lock
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query
from pydantic import Field

from leadline import demo
from leadline.warehouse import Warehouse
from panel_app.beside import store_beside
from panel_app.described import told
from panel_app.founding.question import Asking, Row, spelt
from panel_app.founding.shapes import Shape, Symbol, like

_TICKER = re.compile(r"[A-Z]{1,6}(\.[A-Z])?")
Days = Annotated[int, Query(ge=1, le=365, description="Sessions, to the sample week's Friday.")]


class Generated(Shape):
    """What was invented."""

    model_config = like(
        status="success", message="Generated 7 days of sample data for AAPL", symbol="AAPL",
        days=7, rows_added=702,
    )  # fmt: skip

    status: Literal["success"]
    message: str
    symbol: str
    days: int
    rows_added: int = Field(description="0 if it was all there.")


class Inventing:
    """Writes beside the warehouse that is served, one request after the other."""

    def __init__(self, warehouse: Warehouse, asking: Asking) -> None:
        self._warehouse, self._asking = warehouse, asking
        self._lock = Lock()

    def generate(self, symbol: str, days: int) -> Row:
        """Load so many sessions of a stock; a store that holds anything else is refused."""
        root = self._warehouse.catalog.root
        with self._lock, store_beside(self._warehouse) as (store, _):
            if not demo.is_demo(root, store):
                others = demo.strangers(root, store)
                holds = f"loads of {others[0]}" if others else "no sample week"
                raise HTTPException(
                    409, f"store: it holds {holds}, and invented rows go into a demo's store "
                    f"alone; serve one with leadline demo",
                )  # fmt: skip
            n_rows = demo.add(root, store, symbol, days)
        self._asking.learn(symbol)
        message = f"Generated {days} days of sample data for {symbol}"
        if not n_rows:
            message = f"{days} days of sample data for {symbol} were there already"
        return {
            "status": "success", "message": message, "symbol": symbol, "days": days,
            "rows_added": n_rows,
        }  # fmt: skip


def routes(inventing: Inventing) -> APIRouter:
    """Return the route that invents."""
    router = APIRouter(prefix="/demo/{symbol}")

    @router.post(
        "/generate-data", response_model=Generated, responses=told(409),
        summary="Invent a stock, in a demo",
    )  # fmt: skip
    def of_generate(symbol: Symbol, days: Days = 7) -> Row:
        name = spelt(symbol)
        if not _TICKER.fullmatch(name):
            raise HTTPException(422, f"symbol: '{name[:20]}' is no ticker; write AAPL or BRK.B")
        return inventing.generate(name, days)

    return router
