-- kind:       state
-- partition:  none
-- what:       Trading sessions of each calendar, from the rules of its exchange.
-- grain:      one row per calendar and session
-- key:        calendar, session_date

create table sessions (
    calendar text not null,  -- XNYS, CMES (CME Globex) or 24/7
    session_date date not null,  -- the session's own date at its exchange
    opens_at timestamptz not null,  -- when it opens
    closes_at timestamptz not null,  -- when it closes
    is_half_session boolean not null,  -- it closes early
    sequence bigint not null,  -- counts the calendar's sessions from 0
    check (opens_at < closes_at)
);
