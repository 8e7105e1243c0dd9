-- what:    Sweeps of a stock: intermarket sweep prints of several exchanges that follow at once,
--          begun by the same side.
-- grain:   one row per symbol, side and run of prints on two exchanges or more, cut to its first
--          second, once it has closed; a print reported over a second late is in none
-- status:  live
-- needs:   4s

with params as (
    select
        interval 50 milliseconds as max_gap,  -- rule book C6
        interval 1 second as max_span,  -- an order is over by then; the rest is a stream
        interval 1 second as max_report_delay,  -- as of options
        2 as min_exchanges  -- rule book A13; on one it is a split
),

-- What had been reported, and still stood, by the time that reports are in.
prints as (
    select
        trades.*,
        params.max_gap,
        trades.venue || ':' || trades.trade_id as print_id,
        coalesce(
            trades.side = case
                when trades.price_bucket in ('at_ask', 'above_ask') then 1
                when trades.price_bucket in ('at_bid', 'below_bid') then -1
            end, false
        ) as is_through
    from curated.equity_trades as trades
    cross join params
    where
        trades.side is not null
        and trades.is_iso
        and not trades.is_offex
        and trades.known_at <= trades.traded_at + params.max_report_delay
        and coalesce(trades.withdrawn_at > trades.traded_at + params.max_report_delay, true)
),

steps as (
    select
        *,
        coalesce(lag(traded_at) over in_order + max_gap < traded_at, true) as is_first,
        row_number() over in_order as place
    from prints
    window in_order as (partition by symbol, side order by traded_at, sequence, print_id)
),

runs as (
    select
        *,
        max(case when is_first then traded_at end) over in_order as started_at
    from steps
    window in_order as (partition by symbol, side order by place)
),

parents as (
    select
        runs.symbol, runs.side, runs.started_at,
        min(runs.session_date) as session_date,
        arg_min(runs.print_id, runs.place) as first_trade_id,
        max(runs.traded_at) as ended_at,
        max(runs.traded_at) + max(params.max_gap) + max(params.max_report_delay) as closed_at,
        count(*) as n_prints,
        count(distinct runs.venue) as n_exchanges,
        sum(runs.size) as size,
        sum(runs.value_usd) as value_usd,
        min(case when runs.is_through then 1 else 0 end) = 1 as is_through,
        arg_min(runs.price, runs.place) as first_price,
        arg_max(runs.price, runs.place) as last_price,
        round(avg(runs.side_prob), 6) as side_prob,
        list_sort(list(runs.print_id)) as trade_ids,
        max(params.min_exchanges) as min_exchanges
    from runs
    cross join params
    where runs.traded_at <= runs.started_at + params.max_span
    group by runs.symbol, runs.side, runs.started_at
)

select
    symbol,
    side,  -- 1 buyer-initiated, -1 seller-initiated
    started_at,  -- of the first print
    ended_at,  -- of the last print
    closed_at as known_at,  -- when neither another print nor its report can come
    session_date,
    n_prints,  -- prints
    n_exchanges,  -- venues
    size,  -- shares
    value_usd,  -- of all prints
    is_through,  -- every print at or through the far quote
    cast(side * (last_price - first_price) as decimal(18, 8))
        as worse_usd,  -- USD that the price went against who began it
    first_price,  -- USD
    last_price,  -- USD
    side_prob,  -- mean of the prints: that the side is right
    first_trade_id,  -- venue:trade_id
    trade_ids  -- venue:trade_id of each print, in the order of the text
from parents
where n_exchanges >= min_exchanges and closed_at < (select clock.until from ops.clock as clock)
