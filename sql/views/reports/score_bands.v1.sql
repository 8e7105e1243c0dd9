-- rule:    E2
-- what:    How often the index was in each band, month by month, beside what chance would make.
-- grain:   one row per month of the span and band; those without a label are one, and near_neutral
--          counts again what is within five points of 50
-- status:  live
-- misses:  months of which the span has a part are told by that part

with params as (
    select
        0.016 as strong_frac,  -- by chance at or above 75, and below 25; simulated, rule book E2
        0.484 as moderate_frac,  -- what is left of a half
        0.31 as near_frac  -- by chance within five points; simulated, rule book E2
),

indices as (
    select
        label, is_near_neutral, smart_money_index,
        cast(date_trunc('month', session_date) as date) as month_date
    from scores.smart_money_index
    where known_at >= (select clock.since from ops.clock as clock)
),

totals as (
    select
        month_date,
        count(*) as n_all,
        count(label) as n_labelled
    from indices
    group by month_date
),

bands as (
    select
        month_date,
        coalesce(label, 'no_label') as band,
        count(*) as n_rows
    from indices
    group by month_date, coalesce(label, 'no_label')
    union all
    select
        month_date,
        'near_neutral' as band,
        count(*) as n_rows
    from indices
    where is_near_neutral and label is not null
    group by month_date
)

select
    bands.month_date,  -- the month's first day
    bands.band,  -- strong_buying, moderate_bullish, ..., no_label, or near_neutral beside them
    bands.n_rows,  -- stocks and sessions
    round(
        cast(bands.n_rows as double)
        / case when bands.band = 'no_label' then totals.n_all else nullif(totals.n_labelled, 0) end,
        9
    ) as frac,  -- of those with a label, 0 to 1; of no_label of all
    case
        when bands.band in ('strong_buying', 'strong_selling') then params.strong_frac
        when bands.band in ('moderate_bullish', 'moderate_bearish') then params.moderate_frac
        when bands.band = 'near_neutral' then params.near_frac
    end as chance_frac  -- what independent components would make, a year of history each
from bands
cross join params
inner join totals on bands.month_date = totals.month_date
