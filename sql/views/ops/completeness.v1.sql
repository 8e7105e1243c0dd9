-- what:    Which sessions of a dataset are whole: missing ones by the calendar, short ones by its
--          own usual number.
-- grain:   one row per dataset, calendar and session, from its first session to five after its last
-- status:  live
-- needs:   25 sessions

with params as (
    select
        interval 18 hours as max_delay,  -- what is published next morning is there by then
        5 as min_sessions,  -- of fewer nobody knows
        5 as max_behind,  -- sessions after its last; beyond them it is over, or STALE in ops.feeds
        0.5 as min_frac  -- of what is usual; a half session has about that
),

counts as (
    select
        'equity_bars' as dataset,
        'XNYS' as calendar,
        session_date,
        count(distinct symbol) as n
    from raw.equity_bars
    where bar = '1d' and not is_gone
    group by session_date
    union all
    select
        'equity_trades' as dataset,
        'XNYS' as calendar,
        session_date,
        count(*) as n
    from raw.equity_trades
    where not is_gone
    group by session_date
    union all
    select
        'option_trades' as dataset,
        calendar, session_date,
        count(*) as n
    from raw.option_trades
    where not is_gone
    group by calendar, session_date
    union all
    select
        'option_chains' as dataset,
        calendar, session_date,
        count(distinct contract) as n
    from raw.option_chains
    where not is_gone
    group by calendar, session_date
    union all
    select
        'open_interest' as dataset,
        calendar, session_date,
        count(distinct contract) as n
    from raw.open_interest
    where not is_gone
    group by calendar, session_date
    union all
    select
        'short_volume' as dataset,
        'XNYS' as calendar,
        session_date,
        count(distinct source_symbol) as n
    from raw.short_volume
    where not is_gone
    group by session_date
),

bounds as (
    select
        counts.dataset, counts.calendar,
        min(sessions.sequence) as first_place,
        max(sessions.sequence) as last_place
    from counts
    inner join curated.sessions as sessions
        on counts.calendar = sessions.calendar and counts.session_date = sessions.session_date
    group by counts.dataset, counts.calendar
),

dense as (
    select
        bounds.dataset, bounds.calendar, sessions.session_date, sessions.sequence as place,
        sessions.closes_at, sessions.is_half_session, bounds.last_place,
        coalesce(counts.n, 0) as n_rows,
        counts.n as n_present
    from bounds
    cross join params
    inner join curated.sessions as sessions
        on
            bounds.calendar = sessions.calendar
            and bounds.first_place <= sessions.sequence
            and bounds.last_place + params.max_behind >= sessions.sequence
    inner join ops.clock as clock on sessions.opens_at < clock.until
    left join counts
        on
            bounds.dataset = counts.dataset
            and bounds.calendar = counts.calendar
            and sessions.session_date = counts.session_date
),

usual as (
    select
        *,
        median(n_present) over before_it as usual_rows,
        count(n_present) over before_it as n_earlier
    from dense
    window
        before_it as (
            partition by dataset, calendar order by place rows between 20 preceding and 1 preceding
        )
),

judged as (
    select
        usual.*,
        case
            when usual.closes_at + params.max_delay >= clock.until then 'open'
            when usual.n_rows = 0 then 'missing'
            when usual.n_earlier < params.min_sessions then 'unknown'
            when
                usual.n_rows
                < params.min_frac * usual.usual_rows
                * case when usual.is_half_session then params.min_frac else 1 end
                then 'short'
            else 'whole'
        end as state
    from usual
    cross join params
    cross join ops.clock as clock
)

select
    dataset,  -- its name, as in raw.*
    calendar,
    session_date,
    state,  -- whole, short, missing, unknown (its history is too short) or open (more may come)
    state in ('whole', 'unknown') as is_complete,  -- as far as can be told
    cast(n_rows as bigint) as n_rows,  -- prints; of what is told once a session, who it is told of
    usual_rows,  -- the median of up to 20 sessions before
    max(case when state in ('whole', 'unknown') then session_date end) over up_to_it
        as complete_date,  -- the last complete session up to this one
    place = max(case when n_rows > 0 then place end) over all_of_it
        as is_newest  -- the newest session that has rows
from judged
window
    up_to_it as (
        partition by dataset, calendar order by place
        rows between unbounded preceding and current row
    ),
    all_of_it as (partition by dataset, calendar)
