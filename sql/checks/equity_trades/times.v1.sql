-- what:     Prints of stocks that were known before they happened, or of another day than they say.
-- grain:    one row per print and version
-- status:   live
-- every:    1h
-- severity: high
-- needs:    0s

with params as (
    select
        interval 1 second as max_ahead,  -- clocks of two venues are that far apart
        interval 20 hours as max_distance  -- of its publication from its session's open
)

select
    'equity_trades' as dataset,
    prints.symbol as entity,
    prints.known_at,
    case
        when prints.traded_at > prints.known_at + params.max_ahead
            then 'it was traded after it was known'
        else 'it was known far from its session of ' || prints.session_date
    end as reason,
    to_json(struct_pack(
        source := prints.source, venue := prints.venue, trade_id := prints.trade_id,
        traded_us := epoch_us(prints.traded_at), known_us := epoch_us(prints.known_at)
    )) as evidence
from raw.equity_trades as prints
cross join params
inner join curated.us_sessions as sessions on prints.session_date = sessions.session_date
where
    not prints.is_gone
    and (
        prints.traded_at > prints.known_at + params.max_ahead
        or prints.known_at < sessions.opens_at - params.max_distance
        or prints.known_at > sessions.opens_at + params.max_distance
    )
