-- what:    Parent orders: prints of one option, begun by the same side, that follow at once.
-- grain:   one row per contract, side and run of prints, cut to its first second, once it has
--          closed; a print reported over a second late is in none
-- status:  live
-- keep:    rolling
-- needs:   4s

with params as (
    select
        interval 100 milliseconds as max_gap,  -- a router reaches every venue sooner
        interval 1 second as max_span,  -- an order is over by then; the rest is a stream
        interval 1 second as max_report_delay,  -- a guess; backtest before trusting
        100 as min_block_size  -- public code's number of contracts, rule book A14
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
    from curated.option_trades as trades
    cross join params
    where
        trades.side is not null
        and (
            trades.opt_trade_class = 'regular'
            or (trades.opt_trade_class = 'auction' and trades.is_iso)
        )
        and trades.known_at <= trades.traded_at + params.max_report_delay
        and coalesce(trades.withdrawn_at > trades.traded_at + params.max_report_delay, true)
),

steps as (
    select
        *,
        coalesce(lag(traded_at) over in_order + max_gap < traded_at, true) as is_first,
        coalesce(lead(traded_at) over in_order > traded_at + max_gap, true) as is_last,
        row_number() over in_order as place
    from prints
    window in_order as (partition by contract, side order by traded_at, sequence, print_id)
),

-- Most prints stand alone; only the others have to be put together.
runs as (
    select
        *,
        max(case when is_first then traded_at end) over in_order as started_at,
        count(*) over at_once as n_hits
    from steps
    where not (is_first and is_last)
    window
        in_order as (partition by contract, side order by place),
        at_once as (
            partition by contract, side order by traded_at
            range between interval 100 milliseconds preceding and current row  -- rule book A14
        )
),

sums as (
    select
        runs.contract, runs.side, runs.started_at,
        max(runs.traded_at) as ended_at,
        count(*) as n_prints,
        count(distinct runs.venue) as n_exchanges,
        max(runs.n_hits) as n_hits,
        sum(runs.size) as size,
        cast(sum(cast(runs.size as decimal(38, 8)) * runs.size) as double) as sum_squares,
        sum(runs.premium_usd) as premium_usd,
        avg(case when runs.is_iso then 1 else 0 end) as iso_frac,
        min(case when runs.is_through then 1 else 0 end) as n_through,
        arg_max(runs.price, runs.place) as last_price,
        min(runs.price) as min_price,
        max(runs.price) as max_price,
        avg(runs.side_prob) as side_prob,
        list_sort(list(runs.print_id)) as trade_ids
    from runs
    cross join params
    where runs.traded_at <= runs.started_at + params.max_span
    group by runs.contract, runs.side, runs.started_at
),

-- Where nothing follows a first print, it is all there is.
parents as (
    select
        firsts.*,
        params.min_block_size,
        coalesce(sums.ended_at, firsts.traded_at) as ended_at,
        coalesce(sums.ended_at, firsts.traded_at) + params.max_gap + params.max_report_delay
            as closed_at,
        coalesce(sums.n_prints, 1) as n_prints,
        coalesce(sums.n_exchanges, 1) as n_exchanges,
        coalesce(sums.n_hits, 1) as n_hits,
        coalesce(sums.size, firsts.size) as sum_size,
        sums.sum_squares,
        cast(sums.size as double) as sum_sizes,
        coalesce(sums.premium_usd, firsts.premium_usd) as sum_premium_usd,
        coalesce(sums.iso_frac, case when firsts.is_iso then 1 else 0 end) as iso_frac,
        coalesce(sums.n_through = 1, firsts.is_through) as is_all_through,
        coalesce(sums.last_price, firsts.price) as last_price,
        coalesce(sums.min_price, firsts.price) as min_price,
        coalesce(sums.max_price, firsts.price) as max_price,
        coalesce(sums.side_prob, firsts.side_prob) as mean_side_prob,
        coalesce(sums.trade_ids, [firsts.print_id]) as trade_ids
    from steps as firsts
    cross join params
    left join sums
        on
            firsts.contract = sums.contract
            and firsts.side = sums.side
            and firsts.traded_at = sums.started_at
    where firsts.is_first
)

select
    underlying,  -- the ticker; of a coin venue:BASE-QUOTE
    contract,
    expiration,
    strike,
    put_call,
    side,  -- 1 buyer-initiated, -1 seller-initiated
    case
        when n_exchanges > 1 then 'sweep'
        when n_prints > 1 then 'split'
        when sum_size >= min_block_size then 'block'
        else 'single'
    end as parent_kind,  -- sweep, split (one venue), block or single (one print)
    traded_at as started_at,  -- of the first print
    ended_at,  -- of the last print
    closed_at as known_at,  -- when neither another print nor its report can come
    session_date,
    n_prints,  -- prints
    n_exchanges,  -- venues
    n_hits,  -- the most of its prints within 100 ms
    sum_size as size,  -- contracts
    sum_premium_usd as premium_usd,  -- of all prints
    round(iso_frac, 6) as iso_frac,  -- share of prints sent as intermarket sweeps, 0 to 1
    is_all_through as is_through,  -- every print at or through the far quote
    cast(side * (last_price - price) as decimal(18, 8))
        as worse_usd,  -- USD that the price went against who began it
    price as first_price,  -- USD
    last_price,  -- USD
    min_price,  -- USD
    max_price,  -- USD
    round(mean_side_prob, 6) as side_prob,  -- mean of the prints: that the side is right
    case
        when n_prints > 1
            then round(
                sqrt(greatest(n_prints * sum_squares - sum_sizes * sum_sizes, 0)) / sum_sizes, 6
            )
    end as size_cv,  -- standard deviation of its prints' sizes over their mean
    delta,  -- before the first print, where there
    iv,  -- before the first print, where there
    underlying_price,  -- USD, before the first print, where there
    is_adjusted,  -- it delivers something else than its root's shares
    print_id as first_trade_id,  -- venue:trade_id
    trade_ids,  -- venue:trade_id of each print, in the order of the text
    price_bucket  -- where the first print lies between bid and ask
from parents
where closed_at < (select clock.until from ops.clock as clock)
