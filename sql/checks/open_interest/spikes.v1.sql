-- what:     Open interest that leaps for one session, or is gone for one, and comes back.
-- grain:    one row per contract and session, told with the session after it
-- status:   live
-- every:    1d
-- severity: medium
-- needs:    5 sessions

with params as (
    select
        10 as min_factor,  -- a slip of a digit
        1_000 as min_contracts,  -- fewer come and go
        0.2 as max_drift  -- between the session before and the one after
),

stood as (
    select *
    from raw.open_interest
    window
        same_row as (
            partition by source, contract, oi_date order by known_at, recorded_at, load_id
        )
    qualify lead(known_at) over same_row is null
),

around as (
    select
        *,
        lag(open_interest) over in_order as before_contracts,
        lead(open_interest) over in_order as after_contracts,
        lead(known_at) over in_order as after_at
    from stood
    where not is_gone
    window in_order as (partition by source, contract order by oi_date)
)

select
    'open_interest' as dataset,
    around.contract as entity,
    around.after_at as known_at,
    cast(around.open_interest as bigint) || ' contracts between '
    || cast(around.before_contracts as bigint) || ' and '
    || cast(around.after_contracts as bigint) as reason,
    to_json(struct_pack(
        source := around.source, oi_date := around.oi_date,
        open_interest := cast(around.open_interest as double),
        before := cast(around.before_contracts as double),
        after := cast(around.after_contracts as double)
    )) as evidence
from around
cross join params
where
    greatest(around.open_interest, around.before_contracts) >= params.min_contracts
    and abs(around.before_contracts - around.after_contracts)
    <= params.max_drift * greatest(around.before_contracts, around.after_contracts)
    and (
        around.open_interest
        > params.min_factor * greatest(around.before_contracts, around.after_contracts)
        or around.open_interest * params.min_factor
        < least(around.before_contracts, around.after_contracts)
    )
