-- what:    The close that a session's trades are held against: that of the session before.
-- grain:   one row per symbol, session and version of the close before it
-- status:  live
-- needs:   0s

select
    bars.symbol,
    sessions.session_date,  -- the session of the trades
    bars.close,  -- USD
    bars.session_date as close_date,  -- the session before
    bars.known_at,
    bars.withdrawn_at  -- when a correction became known
from curated.traded_bars as bars
inner join curated.us_sessions as sessions on bars.session_date = sessions.previous_date
where bars.bar = '1d' and bars.close is not null
