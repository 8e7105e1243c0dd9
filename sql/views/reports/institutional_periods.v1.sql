-- rule:    D1
-- what:    How much of each quarter has been reported, when it came, and how old it is by now.
-- grain:   one row per quarter that somebody reports
-- status:  live

with params as (
    select
        45 as due_days,  -- the SEC's term for a Form 13F
        0.9 as min_coverage_frac  -- rule book D1: changes say nothing before
),

reports as (
    select
        cik, period_end,
        max(manager) as manager,
        min(filed_at) as filed_at,
        max(known_at) as known_at,
        max(value_usd) as value_usd,
        max(case when amendment_kind <> 'ORIGINAL' then 1 else 0 end) as is_amended,
        cast(cast(period_end + interval 1 day as date) - interval 3 months as date)
        - 1 as previous_period_end
    from curated.filings
    where withdrawn_at is null and form_type like '13F-HR%'
    group by cik, period_end
),

-- Who reported the quarter before, and whether it has reported this one.
awaited as (
    select
        cast(cast(older.period_end + interval 1 day as date) + interval 3 months as date)
        - 1 as period_end,
        count(*) as n_awaited,
        sum(older.value_usd) as awaited_usd,
        sum(case when newer.cik is not null then older.value_usd else 0 end) as told_usd
    from reports as older
    left join reports as newer
        on older.cik = newer.cik and older.period_end = newer.previous_period_end
    group by older.period_end
),

summed as (
    select
        period_end,
        count(*) as n_managers,
        sum(is_amended) as n_amended,
        sum(value_usd) as value_usd,
        min(filed_at) as first_filed_at,
        max(filed_at) as last_filed_at,
        max(known_at) as known_at
    from reports
    group by period_end
),

dated as (
    select
        summed.*,
        -- A weekend moves it to Monday, and in February to Tuesday: Presidents' Day is between.
        summed.period_end + params.due_days
        + case extract(isodow from summed.period_end + params.due_days)
            when 6 then 2 when 7 then 1 else 0
        end
        + case
            when
                extract(isodow from summed.period_end + params.due_days) > 5
                and extract(month from summed.period_end + params.due_days) = 2
                then 1
            else 0
        end as due_date,
        date_diff(
            'day', summed.period_end, cast(timezone('America/New_York', clock.until) as date)
        ) as age_days,
        coalesce(awaited.n_awaited, 0) as n_awaited,
        round(awaited.told_usd / nullif(awaited.awaited_usd, 0), 6) as coverage_frac,
        params.due_days, params.min_coverage_frac
    from summed
    cross join params
    cross join ops.clock as clock
    left join awaited on summed.period_end = awaited.period_end
),

judged as (
    select
        *,
        age_days > due_days or coalesce(coverage_frac >= min_coverage_frac, false) as is_settled
    from dated
)

select
    period_end,
    due_date,  -- the last day on which its reports are in time
    age_days,  -- of the positions, at the span's end
    n_managers,  -- that have reported it
    n_awaited,  -- that reported the quarter before
    coverage_frac,  -- of what those held then, that has reported again
    is_settled,  -- its changes can be judged: it is day 46, or nine tenths are there
    row_number() over (order by is_settled desc, period_end desc) = 1
        as is_current,  -- the newest that is settled; the newest where none is
    cast(n_amended as bigint) as n_amended,  -- reports that stand amended
    round(value_usd, 2) as value_usd,  -- USD, of all its reports
    first_filed_at,  -- when its first report was accepted
    last_filed_at,  -- when its last report so far was accepted
    known_at  -- when the newest became known
from judged
order by period_end desc
