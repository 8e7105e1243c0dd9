-- what:     Open interest of one contract and session about which two sources disagree.
-- grain:    one row per contract, session and pair of sources, told with the later one
-- status:   live
-- every:    1d
-- severity: medium
-- needs:    5 sessions

with params as (
    select 0.01 as max_gap  -- both take it from the one clearing house
),

stood as (
    select *
    from raw.open_interest
    window
        same_row as (
            partition by source, contract, oi_date order by known_at, recorded_at, load_id
        )
    qualify lead(known_at) over same_row is null
)

select
    'open_interest' as dataset,
    ours.contract as entity,
    greatest(ours.known_at, theirs.known_at) as known_at,
    cast(ours.open_interest as double) || ' by ' || ours.source || ' and '
    || cast(theirs.open_interest as double) || ' by ' || theirs.source as reason,
    to_json(struct_pack(
        oi_date := ours.oi_date, source := ours.source, other := theirs.source,
        open_interest := cast(ours.open_interest as double),
        other_open_interest := cast(theirs.open_interest as double)
    )) as evidence
from stood as ours
cross join params
inner join stood as theirs
    on
        ours.contract = theirs.contract
        and ours.oi_date = theirs.oi_date
        and ours.source < theirs.source
where
    not ours.is_gone
    and not theirs.is_gone
    and abs(ours.open_interest - theirs.open_interest)
    > params.max_gap * greatest(ours.open_interest, theirs.open_interest)
