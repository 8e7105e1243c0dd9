-- what:    A month's off-exchange prints against FINRA's totals: whether the tape is whole.
-- grain:   one row per symbol and month that both tell, over the sessions that both tell
-- status:  live
-- needs:   1d

with params as (
    select
        0.05 as max_gap  -- FINRA's file leaves out what is not told to the media; a guess
),

pairs as (
    select
        prints.symbol, prints.session_date, prints.known_at,
        cast(prints.offex_volume as decimal(28, 6)) as print_volume,
        cast(totals.offex_volume as decimal(28, 6)) as total_volume
    from features.off_exchange_sessions as prints
    inner join features.off_exchange_sessions as totals
        on prints.symbol = totals.symbol and prints.session_date = totals.session_date
    where prints.basis = 'prints' and totals.basis = 'totals'
),

months as (
    select
        pairs.symbol,
        date_trunc('month', pairs.session_date) as month_date,
        max(pairs.known_at) as known_at,
        count(*) as n_sessions,
        sum(pairs.print_volume) as print_volume,
        sum(pairs.total_volume) as total_volume,
        sum(
            case
                when
                    abs(pairs.print_volume - pairs.total_volume)
                    > params.max_gap * pairs.total_volume
                    then 1
                else 0
            end
        ) as n_odd_sessions,
        params.max_gap
    from pairs
    cross join params
    group by pairs.symbol, date_trunc('month', pairs.session_date), params.max_gap
)

select
    cast(month_date as date) as month_date,  -- its first day
    symbol,
    n_sessions,  -- that both tell
    print_volume,  -- shares off exchange by the tape
    total_volume,  -- shares off exchange by FINRA's daily files
    print_volume - total_volume as gap_volume,  -- shares
    round(100 * (cast(print_volume as double) / nullif(cast(total_volume as double), 0) - 1), 6)
        as gap_pct,  -- of FINRA's total; above 0 the tape tells more
    n_odd_sessions,  -- sessions that are more than 5 % apart
    coalesce(abs(print_volume - total_volume) <= max_gap * total_volume, false)
        as is_tied,  -- the month is within 5 %
    known_at
from months
