-- what:     Chains that say the same as the session before: an old snapshot under a new date.
-- grain:    one row per underlying, source and session
-- status:   live
-- every:    1d
-- severity: high
-- needs:    10 sessions

with params as (
    select
        10 as min_contracts,  -- with volume; fewer stand still by chance
        0.95 as min_frac  -- of those in both, that say the same
),

days as (
    select
        *,
        struct_pack(
            bid := bid, ask := ask, last := last, volume := volume, spot := underlying_price
        ) as said
    from raw.option_chains
    where not is_gone
    window
        same_row as (
            partition by source, contract, session_date order by known_at, recorded_at, load_id
        )
    qualify lead(known_at) over same_row is null
),

steps as (
    select
        *,
        lag(said) over in_order as said_before
    from days
    window in_order as (partition by source, contract order by session_date)
),

counted as (
    select
        source, underlying, session_date,
        max(known_at) as known_at,
        count(said_before) as n_both,
        sum(case when said = said_before then 1 else 0 end) as n_same,
        sum(case when said = said_before and volume > 0 then 1 else 0 end) as n_traded
    from steps
    group by source, underlying, session_date
)

select
    'option_chains' as dataset,
    counted.underlying as entity,
    counted.known_at,
    counted.n_same || ' of ' || counted.n_both || ' contracts say what they said the session before'
        as reason,
    to_json(struct_pack(
        source := counted.source, session_date := counted.session_date,
        n_both := counted.n_both, n_same := counted.n_same
    )) as evidence
from counted
cross join params
where
    counted.n_traded >= params.min_contracts
    and counted.n_same >= params.min_frac * counted.n_both
