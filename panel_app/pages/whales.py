"""Order books: what stands in them, who came with size, and what became of it."""

from datetime import timedelta

import panel as pn

from panel_app.controls import Choice, Control, Number, Pair
from panel_app.desk import Desk
from panel_app.parts.books import Books
from panel_app.parts.depth import Depth
from panel_app.parts.ladder import Ladder
from panel_app.parts.layout import beside, stacked
from panel_app.parts.unknown import Unknown

TITLE, LETTER, ORDER = "Whales", "w", 4
CONTROLS = (
    Pair("pair", "Pair"),
    Control("venue", "Venue", hint="all"),
    Number("min_usd", "Size from, USD", hint="250k"),
    Choice("last", "Range", default="10m", options={name: name for name in ("10m", "1h", "1d")}),
    Control("sort", ""),
    Control("order", ""),
)

# A book is chosen, or a pair, or a venue; else all of them are.
CHOSEN = """($pair is null or {0}pair = $pair)
    and (coalesce($pair_venue, $venue) is null or {0}venue = coalesce($pair_venue, $venue))"""
OF_ENTITY = """(
        coalesce($pair_venue, $venue) is null
        or split_part(entity, ':', 1) = coalesce($pair_venue, $venue)
    )
    and ($pair is null or split_part(entity, ':', 2) = $pair)"""
# What is of one book is of the first of these that is in sync.
SHOWN = f"""with shown as (
    select venue, pair
    from reports.books
    where {CHOSEN.format("")}
    order by place
    limit 1
)
"""
BOOKS = f"""{SHOWN}
select books.*, shown.pair is not null as is_shown
from reports.books as books
left join shown on books.venue = shown.venue and books.pair = shown.pair
order by books.venue, books.pair
"""
UNKNOWN = """
select asked.asked, known.name as nearest
from (
    select $pair as asked, 'pair' as kind
    union all
    select coalesce($pair_venue, $venue), 'venue'
) as asked
inner join (
    select distinct pair as name, 'pair' as kind from reports.books
    union
    select distinct venue as name, 'venue' as kind from reports.books
) as known on asked.kind = known.kind
qualify
    count(*) filter (where asked.asked = known.name) over (partition by asked.kind) = 0
    and row_number() over (
        partition by asked.kind
        order by jaro_winkler_similarity(asked.asked, known.name) desc, known.name
    ) = 1
    and asked.asked is not null
"""
DEPTH = f"""{SHOWN}
select depth.*
from reports.book_depth as depth
inner join shown on depth.venue = shown.venue and depth.pair = shown.pair
where {CHOSEN.format("depth.")}
order by depth.bar_at, depth.book_side, depth.price_from
"""
MARKS = f"""{SHOWN}
select orders.*
from reports.large_orders as orders
inner join shown on orders.venue = shown.venue and orders.pair = shown.pair
where ($min_usd is null or orders.notional_usd >= $min_usd)
order by orders.began_at desc, orders.alert_key
"""
LADDER = f"""{SHOWN}
select ladder.*
from reports.book_ladder as ladder
inner join shown on ladder.venue = shown.venue and ladder.pair = shown.pair
where ladder.level_number <= 12
order by ladder.price desc
"""
PULSE = f"""{SHOWN}
select
    pulse.bar_at, pulse.mid, pulse.spread_bps, pulse.obi as imbalance,
    pulse.venue, pulse.pair
from reports.book_pulse as pulse
inner join shown on pulse.venue = shown.venue and pulse.pair = shown.pair
qualify pulse.bar_at > max(pulse.bar_at) over () - interval 10 minutes
order by pulse.bar_at
"""
ORDERS = f"""
select
    began_at, order_kind as kind, venue || ':' || pair as pair,
    case book_side when 1 then 'bid' else 'ask' end as book_side,
    price, notional_usd, dist_bps as from_mid_bps, order_state as became, life_s,
    eaten_frac as traded_frac, moved_price as moved_to, score, alert_key
from reports.large_orders
where {CHOSEN.format("")} and ($min_usd is null or notional_usd >= $min_usd)
order by began_at desc, alert_key
"""
TRADES = f"""
select
    traded_at, venue || ':' || pair as pair, case side when 1 then 'buy' else 'sell' end as side,
    price, size, notional_usd, notional_ratio as times_usual, vwap_bps as from_mean_bps,
    venue || trade_id || sequence as trade
from reports.crypto_tape
where
    case when $min_usd is null then is_large else notional_usd >= $min_usd end
    and {CHOSEN.format("")}
order by traded_at desc, trade
"""
ALERTS = f"""
from reports.overview
where detector like 'crypto.%' and {OF_ENTITY}
    and ($min_usd is null or notional_usd is null or notional_usd >= $min_usd)
    and fired_at >= (select since from ops.clock)
order by fired_at desc, score desc, alert_key
"""
HEALTH = f"""
select
    venue || ':' || pair as pair, is_in_sync as in_sync, in_sync_frac as synced_frac, n_gaps,
    longest_gap_s, reasons, n_dropped, n_messages, messages_per_s, lag_p50_ms, lag_p95_ms, n_late,
    last_message_at
from reports.book_health
where {CHOSEN.format("")}
order by venue, pair
"""
NO_BOOK = (
    "No book has spoken in this span. Run `leadline feeds` to see who sends one, or choose a "
    "longer range or another pair."
)
NO_DEPTH = (
    "No changes of a book are loaded for this span: a heat map needs book_updates. Run "
    "`leadline feeds`, or choose a longer range or another pair."
)
NO_LADDER = (
    "No change of a book is loaded for the last ten minutes. Run `leadline feeds` to see who sends "
    "one, or choose another pair."
)
NO_ORDERS = (
    "No wall and no whale was told in this span. `leadline live` watches for them; a wall needs a "
    "day of sizes to be held against. Choose a longer range, or a smaller size."
)
NO_TRADES = (
    "Nothing large was traded in this span. Large is the top hundredth of six hours with 500 "
    "trades; set a size to see all from there on."
)
NO_ALERTS = "No alert of a book in this span. Run `leadline live` to watch the detectors."
PAIR = {"pair": "/smart-money/dashboard/whales?pair={}"}
MINUTES_10, HOUR = timedelta(minutes=10), timedelta(hours=1)


def page(desk: Desk) -> pn.viewable.Viewable:
    """Lay out one book, and what is large in all that are chosen."""
    depth = Depth(NO_DEPTH)
    desk.follow(depth.marks, desk.query(MARKS, HOUR, is_ranged=True, most=500))
    books, unknown = desk.query(BOOKS, 2 * HOUR), desk.query(UNKNOWN, 2 * HOUR)
    over_time = stacked(
        desk.panel(
            "depth", "Depth, an hour at most", depth, desk.query(DEPTH, HOUR, is_ranged=True)
        ),
        desk.chart(
            "pulse", "Spread and imbalance, ten minutes", desk.query(PULSE, MINUTES_10),
            "spread_bps", "imbalance", NO_BOOK,
        ),
    )  # fmt: skip
    now = stacked(
        desk.panel("ladder", "Ladder", Ladder(NO_LADDER), desk.query(LADDER, MINUTES_10)),
        desk.alerts(
            "alerts", "Alerts of books", desk.query(ALERTS, is_ranged=True, most=5), NO_ALERTS
        ),
    )
    both = beside(over_time, now)
    over_time.styles = {**over_time.styles, "flex": "2 1 620px"}
    return stacked(
        desk.bar("pair", "venue", "min_usd"),
        desk.follow(Unknown("no book of this name has spoken in two hours"), unknown),
        desk.follow(Books("2 h", NO_BOOK), books),
        both,
        desk.table(
            "orders", "Walls and whale orders, and their ends, an hour at most",
            desk.query(ORDERS, HOUR, is_ranged=True, most=30), NO_ORDERS, key=("alert_key",),
            hidden=("alert_key",), links=PAIR, sort="order",
        ),
        desk.table(
            "trades", "Large trades", desk.query(TRADES, is_ranged=True, most=30), NO_TRADES,
            key=("trade",), hidden=("trade",), links=PAIR, sort="sort",
        ),
        desk.table(
            "health", "Health of the books", desk.query(HEALTH, is_ranged=True), NO_BOOK,
            key=("pair",), links=PAIR,
        ),
    )  # fmt: skip
