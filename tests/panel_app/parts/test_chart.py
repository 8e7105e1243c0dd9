"""A chart says what its last point is."""

import pyarrow as pa

from panel_app.parts.chart import Chart
from tests.dashboards import NOON


def test_it_says_what_its_last_point_is_and_draws_all() -> None:
    part = Chart("mid", "obi", "")
    part.take(pa.table({"bar_at": [NOON], "mid": [61_000.5], "obi": [0.5], "pair": ["BTC-USDT"]}))

    assert '<b class="named">BTC-USDT</b>' in part.markup.html
    assert "<span>mid <b>61,000.50</b></span>" in part.markup.html
    assert len(list(part.view)) == 2
    assert list(part._plot.source.data["line"]) == [61_000.5]
