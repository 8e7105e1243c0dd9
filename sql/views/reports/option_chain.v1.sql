-- what:    Each session's option chain with open interest, how it changed and what traded of it.
-- grain:   one row per contract and session, as it stands
-- status:  live

select
    chains.underlying, chains.session_date, chains.expiration, chains.strike, chains.put_call,
    chains.contract,
    chains.bid, chains.ask,
    chains.mid,  -- USD a unit
    chains.last,  -- USD a unit
    chains.volume,  -- contracts up to the snapshot
    chains.open_interest,  -- contracts, as cleared after oi_date
    round(cast(chains.volume as double) / nullif(cast(chains.open_interest as double), 0), 6)
        as vol_oi_ratio,  -- volume over what was open; null where nothing was
    chains.oi_date,  -- the session before
    changes.d_oi,  -- contracts, over that session
    changes.d_oi_pct,  -- percent of what was open before; null below 100 contracts
    changes.open_close_label,  -- what that session's trades did
    chains.iv,  -- annualised fraction, the source's own
    chains.delta,
    chains.underlying_price,  -- USD
    chains.is_adjusted,  -- it delivers something else than its root's shares
    chains.is_dead,  -- a symbol that a split left behind
    chains.known_at
from curated.option_chains as chains
left join features.oi_change as changes
    on
        chains.contract = changes.contract
        and chains.oi_date = changes.oi_date
        and changes.withdrawn_at is null
where chains.withdrawn_at is null
