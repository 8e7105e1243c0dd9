-- what:    Messages of each order book in each second, what they added and removed, and the trades.
-- grain:   one row per venue, pair and second of known_at in which a message came; where an epoch
--          ends in a second, the row is of the last one
-- status:  live
-- keep:    partials, rolling 1s
-- needs:   0s

with params as (
    select
        interval 1 minute as max_delay  -- as in features.book_bars
),

changes as (
    select
        updates.venue, updates.pair, updates.epoch, updates.known_at, updates.update_id,
        date_trunc('second', updates.known_at) as bar_at,
        struct_pack(
            at := updates.known_at, epoch := updates.epoch, id := updates.update_id
        ) as place,
        updates.size > updates.prev_size as is_add,
        updates.size < updates.prev_size as is_removal
    from curated.book_updates as updates
    cross join params
    where
        not updates.is_snapshot
        and coalesce(updates.known_at <= updates.exchange_at + params.max_delay, true)
),

seconds as (
    select
        venue, pair, epoch, bar_at,
        max(known_at) as known_at,
        max(place) as place,
        count(distinct update_id) as n_messages,
        sum(case when is_add then 1 else 0 end) as n_adds,
        sum(case when is_removal then 1 else 0 end) as n_removals
    from changes
    group by venue, pair, epoch, bar_at
),

last_epochs as (
    select *
    from seconds
    window newest_first as (partition by venue, pair, bar_at order by place desc)
    qualify row_number() over newest_first = 1
),

kinds as (
    select
        trades.venue, trades.pair, trades.is_aggregate,
        date_trunc('second', trades.known_at) as bar_at,
        count(distinct trades.trade_id) as n_trades,
        max(trades.known_at) as known_at
    from curated.crypto_trades as trades
    cross join params
    where trades.known_at <= trades.traded_at + params.max_delay
    group by
        trades.venue, trades.pair, trades.is_aggregate, date_trunc('second', trades.known_at)
),

-- Aggregates tell the same as single trades.
trades as (
    select
        venue, pair, bar_at,
        max(n_trades) as n_trades,
        max(known_at) as known_at
    from kinds
    group by venue, pair, bar_at
)

select
    last_epochs.venue,
    last_epochs.pair,
    last_epochs.bar_at,  -- the second's begin
    cast(timezone('UTC', last_epochs.bar_at) as date) as known_date,  -- the UTC day of the second
    greatest(last_epochs.known_at, trades.known_at) as known_at,
    last_epochs.n_messages,  -- with an update id of their own; no snapshots
    cast(last_epochs.n_adds as bigint) as n_adds,  -- levels that grew or are new
    cast(last_epochs.n_removals as bigint) as n_removals,  -- levels that shrank or are gone
    coalesce(trades.n_trades, 0) as n_trades,  -- trades, or aggregates where there are more of them
    last_epochs.epoch
from last_epochs
left join trades
    on
        last_epochs.venue = trades.venue
        and last_epochs.pair = trades.pair
        and last_epochs.bar_at = trades.bar_at
