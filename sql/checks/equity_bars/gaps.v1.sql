-- what:     Sessions without a daily bar of a stock whose source has bars before and after them,
--           and which no halt explains.
-- grain:    one row per symbol, source and gap, told with the bar after it
-- status:   live
-- every:    1d
-- severity: medium
-- needs:    10 sessions

with params as (
    select 5 as max_sessions  -- a longer one is another life of the ticker, or a choice
),

days as (
    select
        bars.source, bars.symbol, bars.session_date, sessions.sequence as place,
        min(bars.known_at) as known_at
    from raw.equity_bars as bars
    inner join curated.us_sessions as sessions on bars.session_date = sessions.session_date
    where bars.bar = '1d' and not bars.is_gone
    group by bars.source, bars.symbol, bars.session_date, sessions.sequence
),

steps as (
    select
        *,
        place - lag(place) over in_order - 1 as n_missing,
        lag(session_date) over in_order as after_date
    from days
    window in_order as (partition by source, symbol order by place)
),

-- From before the first of its sessions opened until after the last had closed.
edges as (
    select
        steps.source, steps.symbol, steps.session_date,
        min(sessions.opens_at) as opens_at,
        max(sessions.closes_at) as closes_at
    from steps
    inner join curated.us_sessions as sessions
        on steps.after_date < sessions.session_date and steps.session_date > sessions.session_date
    cross join params
    where steps.n_missing between 1 and params.max_sessions
    group by steps.source, steps.symbol, steps.session_date
),

halted as (
    select edges.source, edges.symbol, edges.session_date
    from edges
    inner join curated.halts as halts
        on
            edges.symbol = halts.symbol
            and edges.opens_at >= halts.halted_at
            and coalesce(edges.closes_at <= halts.trades_at, not halts.is_extended)
            and halts.withdrawn_at is null
    group by edges.source, edges.symbol, edges.session_date
)

select
    'equity_bars' as dataset,
    steps.symbol as entity,
    steps.known_at,
    'no daily bar in ' || steps.n_missing || ' sessions after ' || steps.after_date as reason,
    to_json(struct_pack(
        source := steps.source, after_date := steps.after_date,
        before_date := steps.session_date, n_missing := steps.n_missing
    )) as evidence
from steps
cross join params
anti join halted
    on
        steps.source = halted.source
        and steps.symbol = halted.symbol
        and steps.session_date = halted.session_date
where steps.n_missing between 1 and params.max_sessions
