-- kind:       event
-- partition:  day
-- calendar:   calendar
-- what:       Open positions of each option contract, as cleared after a session.
-- grain:      one row per contract and session whose close it describes
-- key:        contract, oi_date

create table open_interest (
    contract text not null,  -- OSI symbol without padding; elsewhere the venue's own name
    calendar text not null,  -- whose sessions: XNYS, or 24/7
    oi_date date not null,  -- the session whose close it describes; published the next morning
    session_date date not null,  -- the session on whose morning it is published
    open_interest decimal(18, 4) not null,  -- contracts; of coins the coins
    check (open_interest >= 0),
    check (open_interest % 1 = 0 or calendar <> 'XNYS'),
    check (oi_date < session_date)
);
