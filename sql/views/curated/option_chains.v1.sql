-- what:    Option chains in dollars, with the open interest that was known when the snapshot was.
-- grain:   one row per contract, session and version; open_interest is null where none was known
--          by then, or where the snapshot came more than 10 sessions late
-- status:  live
-- needs:   11 sessions

select
    snapshots.session_date,
    snapshots.underlying,
    snapshots.contract,
    snapshots.expiration,
    snapshots.strike,
    snapshots.put_call,
    snapshots.bid,  -- USD a unit
    snapshots.ask,  -- USD a unit
    snapshots.last,  -- USD a unit
    snapshots.volume,
    snapshots.iv,
    interest.next_open_interest as open_interest,  -- contracts of today, as cleared after oi_date
    interest.oi_date,  -- the session before
    snapshots.known_at,
    snapshots.withdrawn_at,  -- when a newer snapshot became known
    snapshots.delta,
    snapshots.gamma,
    snapshots.underlying_price,  -- USD
    snapshots.mid,  -- USD a unit
    snapshots.mark,  -- USD a unit
    snapshots.theta,  -- USD a year
    snapshots.vega,  -- USD per 1.00 of volatility
    snapshots.multiplier,  -- units of the underlying a contract
    snapshots.is_adjusted,  -- it delivers something else than its root's shares
    dead.contract is not null as is_dead,  -- a symbol that a split left behind, frozen
    snapshots.calendar,
    snapshots.root,  -- of a US contract; null elsewhere
    snapshots.source
from curated.chain_snapshots as snapshots
inner join curated.sessions as sessions
    on
        snapshots.calendar = sessions.calendar
        and snapshots.session_date = sessions.session_date
left join curated.open_interest as interest
    on
        snapshots.contract = interest.next_contract
        and sessions.previous_date = interest.oi_date
        and snapshots.known_at >= interest.known_at
        and coalesce(snapshots.known_at < interest.withdrawn_at, true)
        and coalesce(snapshots.known_at <= sessions.late_at, true)
left join curated.dead_contracts as dead
    on
        snapshots.contract = dead.contract
        and snapshots.session_date >= dead.ex_date
        and snapshots.known_at >= dead.known_at
        and snapshots.known_at < dead.ends_at
        and coalesce(snapshots.known_at < dead.withdrawn_at, true)
