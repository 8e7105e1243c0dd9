-- what:    How good the option trades of each source and session are: what is unknown of them.
-- grain:   one row per source and session
-- status:  live

-- Cancels, and prints that were withdrawn.
with cancels as (
    select
        source, session_date,
        sum(case when opt_trade_class = 'cancel' then 1 else 0 end) as n_cancels,
        sum(case when opt_trade_class = 'cancel' and is_unmatched then 1 else 0 end)
            as n_unmatched_cancels,
        sum(
            case
                when opt_trade_class is distinct from 'cancel' and withdrawn_at is not null then 1
                else 0
            end
        ) as n_withdrawn
    from curated.option_prints
    where opt_trade_class = 'cancel' or withdrawn_at is not null
    group by source, session_date
),

trades as (
    select
        source, session_date,
        count(*) as n_trades,
        sum(size) as size,
        sum(case when opt_trade_class is null then 1 else 0 end) as n_unknown_conditions,
        list_sort(list(distinct condition) filter (where opt_trade_class is null))
            as unknown_conditions,
        sum(case when is_crossed then 1 else 0 end) as n_crossed,
        sum(case when is_quoted or is_crossed then 1 else 0 end) as n_quoted,
        sum(case when opt_trade_class in ('multi_leg', 'stock_tied') then size else 0 end)
            as multi_leg_size,
        sum(case when coalesce(side_told, side_lee_ready) is null then size else 0 end)
            as unsided_size,
        max(known_at) as known_at
    from curated.option_sides
    group by source, session_date
)

select
    trades.source,  -- the feed
    trades.session_date,  -- the session
    trades.n_trades,  -- prints that are no cancels
    trades.n_unknown_conditions,  -- of which nobody says what their condition means
    trades.unknown_conditions,  -- those conditions
    coalesce(cancels.n_cancels, 0) as n_cancels,  -- prints that cancel another one
    coalesce(cancels.n_unmatched_cancels, 0) as n_unmatched_cancels,  -- of which none stands
    coalesce(cancels.n_withdrawn, 0)
        as n_withdrawn,  -- prints that were cancelled, corrected or taken back
    trades.n_quoted,  -- prints with both a bid and an offer of the minute before
    trades.n_crossed,  -- prints whose bid and offer were locked or crossed
    round(cast(trades.multi_leg_size as double) / nullif(cast(trades.size as double), 0), 6)
        as multileg_frac,  -- volume of packages, which no directional measure counts
    round(cast(trades.unsided_size as double) / nullif(cast(trades.size as double), 0), 6)
        as unsided_frac,  -- volume of which nobody knows who began it; above 0.4 read nothing net
    trades.known_at  -- when the last of them became known
from trades
left join cancels
    on trades.source = cancels.source and trades.session_date = cancels.session_date
