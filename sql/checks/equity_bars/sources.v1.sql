-- what:     Daily bars of one stock and session about which two sources disagree.
-- grain:    one row per symbol, session and pair of sources, told with the later one
-- status:   live
-- every:    1d
-- severity: medium
-- needs:    5 sessions

with params as (
    select 0.02 as max_gap  -- one takes the auction's price and the other the last print
),

stood as (
    select *
    from raw.equity_bars
    where bar = '1d' and adjusted = 'none'
    window
        same_bar as (
            partition by source, symbol, session_date order by known_at, recorded_at, load_id
        )
    qualify lead(known_at) over same_bar is null
)

select
    'equity_bars' as dataset,
    ours.symbol as entity,
    greatest(ours.known_at, theirs.known_at) as known_at,
    'closes of ' || cast(ours.close as double) || ' by ' || ours.source || ' and '
    || cast(theirs.close as double) || ' by ' || theirs.source as reason,
    to_json(struct_pack(
        session_date := ours.session_date, source := ours.source, other := theirs.source,
        close := cast(ours.close as double), other_close := cast(theirs.close as double)
    )) as evidence
from stood as ours
cross join params
inner join stood as theirs
    on
        ours.symbol = theirs.symbol
        and ours.session_date = theirs.session_date
        and ours.source < theirs.source
where
    not ours.is_gone
    and not theirs.is_gone
    and abs(ours.close - theirs.close) > params.max_gap * least(ours.close, theirs.close)
