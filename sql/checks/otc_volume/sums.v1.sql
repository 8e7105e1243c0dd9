-- what:     Stocks whose weekly off-exchange total is less than what its details add up to.
-- grain:    one row per week, tier, kind of venue and symbol
-- status:   live
-- every:    1d
-- severity: medium
-- needs:    60d

with params as (
    select 0.001 as max_gap  -- rounding of fractions of shares
),

stood as (
    select *
    from raw.otc_volume
    window
        same_row as (
            partition by
                week_date, tier, summary_type, source_symbol, mpid, firm_crd, product_type, issuer
            order by known_at, recorded_at, load_id
        )
    qualify lead(known_at) over same_row is null
),

sums as (
    select
        week_date, tier, source_symbol,
        left(summary_type, 3) as kind,
        max(known_at) as known_at,
        any_value(symbol) as symbol,
        sum(case when summary_type like '%SMBL_FIRM' then volume end) as added_volume,
        sum(case when summary_type like '%SMBL' then volume end) as told_volume
    from stood
    where not is_gone and summary_type like '%SMBL%'
    group by week_date, tier, source_symbol, left(summary_type, 3)
)

select
    'otc_volume' as dataset,
    coalesce(sums.symbol, sums.source_symbol) as entity,
    sums.known_at,
    'a total of ' || cast(sums.told_volume as double) || ' shares, and details of '
    || cast(sums.added_volume as double) as reason,
    to_json(struct_pack(
        week_date := sums.week_date, tier := sums.tier, kind := sums.kind,
        told_volume := cast(sums.told_volume as double),
        added_volume := cast(sums.added_volume as double)
    )) as evidence
from sums
cross join params
where sums.added_volume > sums.told_volume * (1 + params.max_gap)
