-- rule:    A11
-- what:    What became of an option's sessions: its volume, and what the next morning's open
--          interest says of it.
-- grain:   one row per contract and session whose open interest is published, as it stands; verdict
--          is null where the volume is unknown or below 100 contracts
-- status:  live
-- needs:   0s

select
    oi_date as session_date,  -- of the volume and the change
    contract, underlying, expiration, strike, put_call,
    mid,  -- USD a unit, of that session's chain
    underlying_price,  -- USD
    volume,  -- contracts of the session, up to its chain
    previous_open_interest,  -- contracts, before the session
    open_interest,  -- contracts, as cleared after it
    d_oi,  -- contracts, the one less the other
    open_ratio,  -- d_oi over volume, -1 to 1: what was opened less what was closed
    case open_close_label
        when 'mostly_opening' then 'opened' when 'mostly_closing' then 'closed'
        when 'mixed' then 'mixed'
    end as verdict,  -- opened, closed or mixed, by half of the session's volume
    known_at as judged_at,  -- the morning after
    known_at
from features.oi_change
where withdrawn_at is null
