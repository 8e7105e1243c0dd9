-- what:    Sessions of the New York Stock Exchange, each with the one before and its last word.
-- grain:   one row per session; the newest publication of the calendar stands
-- status:  live

select
    session_date,
    sequence,
    opens_at,
    closes_at,
    is_half_session,
    previous_date,  -- the session before
    late_at  -- what comes later enters no baseline
from curated.sessions
where calendar = 'XNYS'
