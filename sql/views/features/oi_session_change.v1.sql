-- what:    Change of a contract's open interest over one session, in the contracts of that session.
-- grain:   one row per contract, session and version; a change across a missing session, of a
--          symbol that a split left behind or of one that it made something else is none
-- status:  live
-- needs:   11 sessions

with
-- A figure that comes more than 10 sessions late enters nothing, so that `needs` has an end.
figures as (
    select
        interest.contract, interest.calendar, interest.root, interest.oi_date,
        interest.open_interest, interest.next_contract, interest.next_open_interest,
        interest.strike_ratio, interest.session_date,
        interest.known_at, interest.withdrawn_at,
        sessions.sequence, sessions.previous_date, sessions.closes_at
    from curated.open_interest as interest
    inner join curated.sessions as sessions
        on interest.calendar = sessions.calendar and interest.oi_date = sessions.session_date
    where coalesce(interest.known_at <= sessions.late_at, true) and not interest.is_dead
)

-- Both figures have versions: a change stands while both of its figures do.
select
    newer.contract,
    newer.calendar,
    newer.root,  -- of a US contract; null elsewhere
    newer.oi_date,  -- the session of the change
    newer.session_date as next_date,  -- the session on whose morning it is published
    newer.sequence,  -- of the session in its calendar
    newer.closes_at,
    newer.open_interest,
    older.next_open_interest as previous_open_interest,  -- a session before, as it counts today
    older.contract as previous_contract,  -- what it was called then: another symbol after a split
    older.strike_ratio,  -- contracts of today for one of then; 1 where no split was
    newer.open_interest - older.next_open_interest as d_oi,  -- contracts
    greatest(newer.known_at, older.known_at) as known_at,
    case
        when newer.withdrawn_at is null then older.withdrawn_at
        when older.withdrawn_at is null then newer.withdrawn_at
        else least(newer.withdrawn_at, older.withdrawn_at)
    end as withdrawn_at  -- when one of the two was corrected, or a split between them known
from figures as newer
inner join figures as older
    on
        newer.contract = older.next_contract
        and newer.calendar = older.calendar
        and newer.previous_date = older.oi_date
where
    coalesce(newer.known_at < older.withdrawn_at, true)
    and coalesce(older.known_at < newer.withdrawn_at, true)
