-- what:    Who was in an index or an index fund, and when, as the newest publication tells it.
-- grain:   one row per index, symbol and first day, and another one from when its end was known;
--          withdrawn_at is null while it stands; a fund's whole list holds until its next one
-- status:  live

with newest as (
    select
        *,
        row_number() over (
            partition by index_name, symbol, from_date
            order by known_at desc, recorded_at desc, load_id desc
        ) as age
    from raw.index_members
),

standing as (
    select * from newest
    where age = 1 and not is_gone
),

lists as (
    select
        index_name, from_date,
        min(known_at) as known_at
    from standing
    where is_list
    group by index_name, from_date
),

ends as (
    select
        *,
        lead(from_date) over in_order as to_date,
        lead(known_at) over in_order as next_known_at
    from lists
    window in_order as (partition by index_name order by from_date)
),

spells as (
    select
        *,
        lead(from_date) over in_order as to_date,
        greatest(known_at, lead(known_at) over in_order) as ended_at
    from standing
    where not is_list
    window in_order as (partition by index_name, symbol order by from_date)
    union all
    select
        standing.*,
        ends.to_date,
        greatest(standing.known_at, ends.next_known_at) as ended_at
    from standing
    inner join ends
        on standing.index_name = ends.index_name and standing.from_date = ends.from_date
    where standing.is_list
),

told as (
    select
        * replace (null as to_date),
        known_at as told_at,
        case when to_date is not null then ended_at end as withdrawn_at
    from spells
    union all
    select
        *,
        ended_at as told_at,
        null as withdrawn_at
    from spells
    where to_date is not null
)

select
    index_name,  -- SP500 or SPY
    symbol,  -- the ticker valid then
    from_date,
    to_date,  -- first day on which it is no member, or of which the next list tells
    weight_frac,  -- of the whole, 0 to 1; null of the index itself
    shares,  -- that the fund holds
    told_at as known_at,
    withdrawn_at  -- when its end became known
from told
where is_member and coalesce(told_at < withdrawn_at, true)
