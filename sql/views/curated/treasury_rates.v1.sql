-- what:    The curve of US Treasury yields as straight pieces, continuously compounded.
-- grain:   one row per curve and piece between two maturities; the first one begins at 0 and the
--          last one has no end, flat both; a curve stands from known_at to withdrawn_at
-- status:  live

with versions as (
    select
        series, day, value, is_gone, known_at,
        lead(known_at) over in_order as replaced_at
    from raw.macro
    where series like 'treasury_%'
    window in_order as (partition by series, day order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
),

yields as (
    select
        versions.*,
        case versions.series
            when 'treasury_1m' then 1 / 12
            when 'treasury_3m' then 0.25
            when 'treasury_6m' then 0.5
            when 'treasury_1y' then 1
            when 'treasury_2y' then 2
            when 'treasury_3y' then 3
            when 'treasury_5y' then 5
            when 'treasury_7y' then 7
            when 'treasury_10y' then 10
            when 'treasury_20y' then 20
            when 'treasury_30y' then 30
        end as years,
        round(2 * ln(1 + versions.value / 2), 9) as rate
    from versions
    where not versions.is_gone
),

-- A curve is another one with each of its corrections.
moments as (
    select
        day, known_at,
        min(known_at) over later as next_known_at
    from versions
    group by day, known_at
    window later as (order by day, known_at rows between 1 following and unbounded following)
),

points as (
    select
        moments.day, moments.known_at, moments.next_known_at, yields.years, yields.rate,
        lead(yields.years) over in_order as next_years,
        lead(yields.rate) over in_order as next_rate,
        lag(yields.years) over in_order as previous_years
    from moments
    inner join yields
        on
            moments.day = yields.day
            and moments.known_at >= yields.known_at
            and coalesce(moments.known_at < yields.replaced_at, true)
    where
        -- What is known after the next day's curve is never in force.
        coalesce(moments.next_known_at > moments.known_at, true)
        and yields.years is not null
    window in_order as (partition by moments.day, moments.known_at order by yields.years)
),

pieces as (
    select
        day, known_at, next_known_at, rate,
        cast(0 as double) as from_years,
        years as to_years,
        rate as to_rate
    from points
    where previous_years is null
    union all
    select
        day, known_at, next_known_at, rate,
        years as from_years,
        next_years as to_years,
        coalesce(next_rate, rate) as to_rate
    from points
)

select
    day as curve_date,  -- the day that its yields are of
    from_years,  -- the maturity at which the piece begins
    to_years,  -- null of the last piece
    rate as from_rate,  -- a year, continuously compounded: 2 ln(1 + yield / 2)
    to_rate,  -- at its end, and straight between
    known_at,
    next_known_at as withdrawn_at  -- when the next curve, or a correction, became known
from pieces
