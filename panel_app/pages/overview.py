"""The first page: what has fired, what the book does, and how fresh the data is."""

from datetime import timedelta

import panel as pn

from panel_app import parts
from panel_app.desk import Desk

ALERTS = "from reports.overview order by fired_at desc, score desc, alert_key limit 40"
# The pair with the newest second; of several the first by name.
PULSE = """
with newest as (
    select arg_max(struct_pack(venue := venue, pair := pair), bar_at) as book, max(bar_at) as bar_at
    from reports.book_pulse
)

select
    pulse.bar_at as as_of_at, pulse.mid, pulse.obi as imbalance, pulse.spread_bps,
    pulse.venue, pulse.pair
from reports.book_pulse as pulse
inner join newest on pulse.venue = newest.book.venue and pulse.pair = newest.book.pair
where pulse.bar_at > newest.bar_at - interval 10 minutes
order by pulse.bar_at
"""
FRESHNESS = """
select dataset, n_rows, newest_known_date, newest_recorded_at, feeds
from reports.freshness
order by dataset
"""
NO_ALERTS = "No alert has fired up to this moment. Run `leadline live` to watch the detectors."
NO_BOOK = "No order book is loaded. Run `leadline feeds` to see who sends one."
NO_DATA = (
    "The store is empty. Run `leadline load sessions`, then `leadline load FEED --from PATH`; "
    "`leadline feeds` lists the feeds."
)


def page(desk: Desk) -> pn.viewable.Viewable:
    """Lay out what has happened; every number is a column of reports.*."""
    today = desk.query("from reports.today")
    store = desk.query("from reports.store")
    pulse = desk.query(PULSE, last=timedelta(minutes=10))
    fresh = desk.query(FRESHNESS)
    return parts.stacked(
        parts.beside(
            desk.tiles(today, "n_critical", "n_high", "n_medium", "n_low", "n_info"),
            desk.tiles(store, "n_loads", "n_rows", "newest_recorded_at"),
        ),
        parts.beside(
            parts.card("Newest alerts", desk.alerts(desk.query(ALERTS), NO_ALERTS)),
            parts.stacked(
                parts.card("Order book", desk.chart(pulse, "mid", "imbalance", NO_BOOK)),
                parts.card("Data", desk.table(fresh, NO_DATA)),
            ),
        ),
    )
