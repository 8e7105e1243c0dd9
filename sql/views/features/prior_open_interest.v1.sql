-- what:    The open interest that a session's trades are held against: that of the session before.
-- grain:   one row per contract, session and version of the figure before it
-- status:  live
-- needs:   0s

select
    interest.contract,
    sessions.session_date,  -- the session of the trades
    interest.open_interest,  -- contracts
    interest.oi_date,  -- the session before, whose close it describes
    interest.known_at,
    interest.withdrawn_at
from curated.open_interest as interest
inner join curated.us_sessions as sessions on interest.oi_date = sessions.previous_date
