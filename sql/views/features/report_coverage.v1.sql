-- rule:    D1
-- what:    How much of the last quarter's reported value has reported for this one, by session.
-- grain:   one row per quarter and session of the three months after its end in which reports of it
--          or of the quarter before are known; coverage_frac is null without the quarter before
-- status:  live

with params as (
    select
        0.9 as min_coverage,  -- rule book D1
        46 as first_full_day,  -- after the quarter's end: the deadline is over, rule book D1
        92 as n_season_days  -- the next quarter is over then
),

reports as (
    select
        cik, period_end, known_at, withdrawn_at, table_usd,
        amendment_kind <> 'NEW HOLDINGS' as is_base,
        cast(
            cast(period_end + interval 1 day as date) + interval 3 months - interval 1 day as date
        ) as next_period_end
    from curated.filings
    where
        form_type like '13F-HR%'
        and cast(date_trunc('quarter', cast(period_end + interval 1 day as date)) as date)
        = cast(period_end + interval 1 day as date)
),

arrivals as (
    select
        cik, period_end,
        min(known_at) as filed_at
    from reports
    where is_base
    group by cik, period_end
),

-- What the managers reported a quarter before, and from when on they have reported again.
earlier as (
    select
        reports.cik,
        reports.next_period_end as period_end,
        reports.known_at, reports.withdrawn_at,
        cast(reports.table_usd as decimal(28, 2)) as value_usd,
        case
            when arrivals.filed_at is not null
                then greatest(arrivals.filed_at, reports.known_at)
        end as counted_at
    from reports
    left join arrivals
        on reports.cik = arrivals.cik and reports.next_period_end = arrivals.period_end
),

deltas as (
    select
        period_end,
        known_at as told_at,
        value_usd as due_usd,
        0 as filed_usd,
        0 as n_filed
    from earlier
    union all
    select
        period_end,
        withdrawn_at as told_at,
        -value_usd as due_usd,
        0 as filed_usd,
        0 as n_filed
    from earlier
    where withdrawn_at is not null
    union all
    select
        period_end,
        counted_at as told_at,
        0 as due_usd,
        value_usd as filed_usd,
        0 as n_filed
    from earlier
    where coalesce(counted_at < withdrawn_at, counted_at is not null)
    union all
    select
        period_end,
        withdrawn_at as told_at,
        0 as due_usd,
        -value_usd as filed_usd,
        0 as n_filed
    from earlier
    where counted_at < withdrawn_at
    union all
    select
        period_end,
        filed_at as told_at,
        0 as due_usd,
        0 as filed_usd,
        1 as n_filed
    from arrivals
),

quarters as (select distinct period_end from deltas),

seasons as (
    select
        quarters.period_end,
        sessions.session_date, sessions.closes_at,
        sessions.session_date >= quarters.period_end + params.first_full_day as is_full,
        lag(sessions.closes_at) over (
            partition by quarters.period_end order by sessions.sequence
        ) as previous_closes_at
    from quarters
    cross join params
    inner join curated.us_sessions as sessions
        on
            quarters.period_end < sessions.session_date
            and quarters.period_end + params.n_season_days >= sessions.session_date
),

-- What is told after a session's close counts from the next one's on.
told as (
    select
        seasons.period_end, seasons.session_date, seasons.closes_at, seasons.is_full,
        sum(deltas.due_usd) as due_usd,
        sum(deltas.filed_usd) as filed_usd,
        sum(deltas.n_filed) as n_filed,
        count(deltas.told_at) as n_told
    from seasons
    left join deltas
        on
            seasons.period_end = deltas.period_end
            and seasons.closes_at >= deltas.told_at
            and coalesce(seasons.previous_closes_at < deltas.told_at, true)
    group by seasons.period_end, seasons.session_date, seasons.closes_at, seasons.is_full
),

summed as (
    select
        period_end, session_date, closes_at, is_full,
        sum(due_usd) over so_far as due_usd,
        sum(filed_usd) over so_far as filed_usd,
        sum(n_filed) over so_far as n_filed,
        sum(n_told) over so_far as n_told
    from told
    window so_far as (
        partition by period_end order by session_date
        rows between unbounded preceding and current row
    )
),

covered as (
    select
        *,
        round(cast(filed_usd as double) / nullif(cast(due_usd as double), 0), 6) as coverage_frac
    from summed
    where n_told > 0
),

settled as (
    select
        covered.*,
        max(
            case when covered.is_full or covered.coverage_frac >= params.min_coverage then 1 else 0
            end
        ) over (
            partition by covered.period_end order by covered.session_date
            rows between unbounded preceding and current row
        ) as is_settled
    from covered
    cross join params
)

select
    period_end,
    session_date,
    closes_at as known_at,  -- the session's close; what is told later counts from the next one's on
    coalesce(n_filed, 0) as n_filed,  -- managers that have reported
    cast(coalesce(filed_usd, 0) as double)
        as filed_usd,  -- USD that those who have reported had a quarter before
    cast(coalesce(due_usd, 0) as double) as due_usd,  -- USD that all had a quarter before
    coverage_frac,  -- of the value a quarter before; 0 to 1
    is_settled = 1 as is_settled,  -- from 0.9 or day 46 on; before, changes are preliminary
    is_settled = 1 and coalesce(
        lag(is_settled) over (partition by period_end order by session_date) = 0, true
    ) as is_first_settled  -- the first such session
from settled
where closes_at < (select clock.until from ops.clock as clock)
