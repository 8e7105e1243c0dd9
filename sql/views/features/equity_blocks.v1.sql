-- what:    Prints of stocks of at least a million dollars, beside what is usual of the stock.
-- grain:   one row per print and version, auctions and what is no volume left out; adv_frac is null
--          below 10 sessions of prints, stat_frac below 20
-- status:  live
-- keep:    tick
-- needs:   0s, 61 sessions of features.equity_sessions, 61 sessions of features.equity_large_prints

with params as (
    select
        1_000_000 as min_value_usd,  -- rule book C6, a large print
        20 as adv_sessions,  -- rule book C6
        10 as min_adv_sessions,  -- rule book 0.3; below it a mean says little
        60 as stat_sessions,  -- rule book C6; `needs` covers it
        20 as min_stat_sessions,  -- rule book 0.3
        0.01 as min_adv_frac,  -- rule book C6, block_adv
        0.001 as max_stat_frac  -- rule book C6, block_stat: the top thousandth of prints
),

prints as (
    select
        trades.*,
        trades.venue || ':' || trades.trade_id as print_id,
        sessions.sequence as place
    from curated.equity_trades as trades
    cross join params
    inner join curated.us_sessions as sessions on trades.session_date = sessions.session_date
    where
        trades.value_usd >= params.min_value_usd
        and trades.counts_volume
        and not trades.is_auction
),

asked as (
    select
        symbol, session_date, place
    from prints
    group by symbol, session_date, place
),

-- Sessions before the print's own; what a session tells is told at its last word.
usual as (
    select
        asked.symbol, asked.session_date,
        avg(
            case
                when earlier.sequence >= asked.place - params.adv_sessions
                    then cast(past.volume as double)
            end
        ) as adv_volume,
        sum(case when earlier.sequence >= asked.place - params.adv_sessions then 1 else 0 end)
            as n_adv_sessions,
        sum(past.n_prints) as n_past_prints,
        count(*) as n_past_sessions
    from asked
    cross join params
    inner join features.equity_sessions as past on asked.symbol = past.symbol
    inner join curated.us_sessions as earlier
        on
            past.session_date = earlier.session_date
            and earlier.sequence between asked.place - params.stat_sessions and asked.place - 1
    group by asked.symbol, asked.session_date
),

ranked as (
    select
        prints.symbol, prints.session_date, prints.print_id, prints.known_at,
        count(*) as n_at_least
    from prints
    cross join params
    inner join features.equity_large_prints as past
        on prints.symbol = past.symbol and prints.value_usd <= past.value_usd
    inner join curated.us_sessions as earlier
        on
            past.session_date = earlier.session_date
            and earlier.sequence between prints.place - params.stat_sessions and prints.place - 1
    group by prints.symbol, prints.session_date, prints.print_id, prints.known_at
),

measured as (
    select
        prints.*,
        params.min_adv_frac, params.max_stat_frac,
        case
            when usual.n_adv_sessions >= params.min_adv_sessions then round(usual.adv_volume, 6)
        end as adv_volume,
        case
            when usual.n_adv_sessions >= params.min_adv_sessions
                then round(cast(prints.size as double) / nullif(usual.adv_volume, 0), 9)
        end as adv_frac,
        case
            when usual.n_past_sessions >= params.min_stat_sessions
                then round(
                    coalesce(ranked.n_at_least, 0) / nullif(cast(usual.n_past_prints as double), 0),
                    9
                )
        end as stat_frac,
        cast(coalesce(usual.n_adv_sessions, 0) as bigint) as n_adv_sessions,
        cast(coalesce(usual.n_past_sessions, 0) as bigint) as n_stat_sessions
    from prints
    cross join params
    left join usual on prints.symbol = usual.symbol and prints.session_date = usual.session_date
    left join ranked
        on
            prints.symbol = ranked.symbol
            and prints.session_date = ranked.session_date
            and prints.print_id = ranked.print_id
            and prints.known_at = ranked.known_at
)

select
    known_at,
    traded_at,  -- when it was executed, as reported
    session_date,
    symbol,
    venue,  -- FINRA, NYSE, ...
    print_id,  -- venue:trade_id
    price,  -- USD a share
    size,  -- shares
    value_usd,  -- price and size
    case
        when is_offex then 'dark'
        when trade_class = 'cross' then 'cross'
        when is_iso then 'sweep'
        else 'block'
    end as trade_type,  -- dark (off exchange, whoever filled it), cross, sweep or block
    trade_class,  -- of the strictest code
    conditions,  -- the source's codes
    side,  -- 1 buyer-initiated, -1 seller-initiated
    side_prob,  -- that the side is right, 0.5 to 1
    price_bucket,  -- where it lies between bid and ask
    bid,  -- USD, before the print
    ask,  -- USD, before the print
    prem_bps,  -- over the middle of bid and ask
    quote_age_s,  -- seconds since the quote last changed
    quote_age_s > 1 as is_quote_stale,  -- its premium is beside an old quote; null without one
    is_offex,  -- executed off exchange
    is_late,  -- a code says so, or it was published over 10 s after it was executed
    is_price_informative,  -- its price was made then and there
    is_regular_hours,  -- executed while the session was open
    report_delay_s,  -- seconds from execution to publication
    adv_volume,  -- shares, mean of the 20 sessions before by their prints
    adv_frac,  -- its size in days of that volume
    stat_frac,  -- share of the stock's prints of the 60 sessions before that were worth as much
    adv_frac >= min_adv_frac as is_block_adv,  -- at least a hundredth of a day
    stat_frac <= max_stat_frac as is_block_stat,  -- of the top thousandth of prints
    n_adv_sessions,  -- sessions in the mean
    n_stat_sessions,  -- sessions in the share
    withdrawn_at,  -- when another version of it became known
    source
from measured
