"""The first page: what has fired, what the book does, and how fresh the data is."""

from datetime import timedelta

import panel as pn

from panel_app.desk import Desk
from panel_app.parts.layout import beside, stacked

TITLE, LETTER, ORDER = "Overview", "o", 1

ALERTS = "from reports.overview order by fired_at desc, score desc, alert_key limit 40"
# Of the books that spoke in the last minute the first by name, so that it stays the same one.
PULSE = """
with books as (
    select venue, pair, max(bar_at) as bar_at
    from reports.book_pulse
    group by all
),

shown as (
    select venue, pair, bar_at
    from books
    where bar_at > (select max(bar_at) - interval 1 minute from books)
    order by venue, pair
    limit 1
)

select
    pulse.bar_at as as_of_at, pulse.mid, pulse.obi as imbalance, pulse.spread_bps,
    pulse.venue, pulse.pair
from reports.book_pulse as pulse
inner join shown on pulse.venue = shown.venue and pulse.pair = shown.pair
where pulse.bar_at > shown.bar_at - interval 10 minutes
order by pulse.bar_at
"""
FRESHNESS = """
select dataset, feed_state, n_rows, newest_known_date, len(feeds) as n_feeds
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
    return stacked(
        beside(
            desk.tiles(today, "n_critical", "n_high", "n_medium", "n_low", "n_info"),
            desk.tiles(store, "n_loads", "n_rows", "newest_recorded_at"),
        ),
        beside(
            desk.alerts("alerts", "Newest alerts", desk.query(ALERTS), NO_ALERTS),
            stacked(
                desk.chart("book", "Order book", pulse, "mid", "imbalance", NO_BOOK),
                desk.table("data", "Data", desk.query(FRESHNESS), NO_DATA, key=("dataset",)),
            ),
        ),
    )
