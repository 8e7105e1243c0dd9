-- what:    The close that a session's trades are held against: that of the session before.
-- grain:   one row per symbol, session and version of the close before it
-- status:  live
-- needs:   0s

with versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from raw.equity_bars
    where bar = '1d'
    window in_order as (partition by symbol, session_date order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
)

select
    versions.symbol,
    sessions.session_date,  -- the session of the trades
    versions.close,  -- USD
    versions.session_date as close_date,  -- the session before
    versions.known_at,
    versions.replaced_at as withdrawn_at  -- when a correction became known
from versions
inner join curated.us_sessions as sessions on versions.session_date = sessions.previous_date
where not versions.is_gone
