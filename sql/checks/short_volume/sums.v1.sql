-- what:     Stocks whose consolidated short volume is not what the facilities add up to.
-- grain:    one row per session and symbol; only sessions of which all three facilities are known
-- status:   live
-- every:    1d
-- severity: high
-- needs:    2 sessions

with params as (
    select 1 as max_gap  -- share, for fractions are rounded in each file
),

stood as (
    select *
    from raw.short_volume
    window
        same_row as (
            partition by session_date, facility, source_symbol
            order by known_at, recorded_at, load_id
        )
    qualify lead(known_at) over same_row is null
),

whole as (
    select session_date
    from stood
    where facility in ('FNSQ', 'FNQC', 'FNYX', 'CNMS') and not is_gone
    group by session_date
    having count(distinct facility) = 4
),

sums as (
    select
        stood.session_date, stood.symbol,
        max(stood.known_at) as known_at,
        sum(case when stood.facility = 'CNMS' then stood.short_volume else 0 end) as told_short,
        sum(case when stood.facility = 'CNMS' then 0 else stood.short_volume end) as added_short,
        sum(case when stood.facility = 'CNMS' then stood.total_volume else 0 end) as told_total,
        sum(case when stood.facility = 'CNMS' then 0 else stood.total_volume end) as added_total
    from stood
    semi join whole on stood.session_date = whole.session_date
    where stood.facility in ('FNSQ', 'FNQC', 'FNYX', 'CNMS') and not stood.is_gone
    group by stood.session_date, stood.symbol
)

select
    'short_volume' as dataset,
    sums.symbol as entity,
    sums.known_at,
    'short ' || cast(sums.told_short as double) || ' of ' || cast(sums.told_total as double)
    || ' consolidated, ' || cast(sums.added_short as double) || ' of '
    || cast(sums.added_total as double) || ' by the facilities' as reason,
    to_json(struct_pack(
        session_date := sums.session_date, told_short := cast(sums.told_short as double),
        added_short := cast(sums.added_short as double),
        told_total := cast(sums.told_total as double),
        added_total := cast(sums.added_total as double)
    )) as evidence
from sums
cross join params
where
    abs(sums.told_short - sums.added_short) > params.max_gap
    or abs(sums.told_total - sums.added_total) > params.max_gap
