-- what:    Option chains with the open interest that was known when the snapshot was.
-- grain:   one row per contract, session and version; open_interest is null where none was known
--          by then, or where the snapshot came more than 10 sessions late
-- status:  live
-- needs:   11 sessions

with versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from raw.option_chains
    window in_order as (partition by contract, session_date order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
)

select
    versions.session_date,
    versions.underlying,
    versions.contract,
    versions.expiration,
    versions.strike,
    versions.put_call,
    versions.bid,
    versions.ask,
    versions.last,
    versions.volume,
    versions.iv,
    interest.open_interest,  -- contracts, as cleared after oi_date
    interest.oi_date,
    versions.known_at,
    versions.replaced_at as withdrawn_at,  -- when a newer snapshot became known
    versions.delta,
    versions.gamma,
    versions.underlying_price
from versions
inner join curated.us_sessions as sessions on versions.session_date = sessions.session_date
left join curated.open_interest as interest
    on
        versions.contract = interest.contract
        and sessions.previous_date = interest.oi_date
        and versions.known_at >= interest.known_at
        and coalesce(versions.known_at < interest.withdrawn_at, true)
        and coalesce(versions.known_at <= sessions.late_at, true)
where not versions.is_gone
