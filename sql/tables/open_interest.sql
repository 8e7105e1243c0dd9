-- kind:       event
-- partition:  day
-- calendar:   XNYS
-- what:       Open positions of each option contract, as cleared after a session.
-- grain:      one row per contract and session whose close it describes
-- key:        contract, oi_date

create table open_interest (
    contract text not null,  -- OSI symbol without padding
    oi_date date not null,  -- the session whose close it describes; published the next morning
    session_date date not null,  -- the session on whose morning it is published
    open_interest bigint not null,  -- contracts
    check (open_interest >= 0),
    check (oi_date < session_date)
);
