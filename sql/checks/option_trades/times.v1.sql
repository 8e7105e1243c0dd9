-- what:     Option prints that were known before they were matched, or lie far from their session.
-- grain:    one row per print and version
-- status:   live
-- every:    1h
-- severity: high
-- needs:    0s

with params as (
    select
        interval 1 second as max_ahead,  -- clocks of two venues are that far apart
        interval 20 hours as max_before,  -- the night's session opens the evening before
        interval 26 hours as max_after  -- a day of a coin, and what is told late of it
)

select
    'option_trades' as dataset,
    prints.contract as entity,
    prints.known_at,
    case
        when prints.traded_at > prints.known_at + params.max_ahead
            then 'it was matched after it was known'
        else 'it was matched far from its session of ' || prints.session_date
    end as reason,
    to_json(struct_pack(
        source := prints.source, venue := prints.venue, trade_id := prints.trade_id,
        traded_us := epoch_us(prints.traded_at), known_us := epoch_us(prints.known_at)
    )) as evidence
from raw.option_trades as prints
cross join params
inner join curated.sessions as sessions
    on prints.calendar = sessions.calendar and prints.session_date = sessions.session_date
where
    not prints.is_gone
    and (
        prints.traded_at > prints.known_at + params.max_ahead
        or prints.traded_at < sessions.opens_at - params.max_before
        or prints.traded_at > sessions.opens_at + params.max_after
    )
