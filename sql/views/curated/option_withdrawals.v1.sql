-- what:    When a cancel or another version of an option print became known.
-- grain:   one row per print and version that does not stand any more
-- status:  live
-- needs:   0s

select
    known_at,
    session_date,
    venue,
    trade_id,
    contract,
    withdrawn_at,
    source
from curated.option_prints
where withdrawn_at is not null and opt_trade_class is distinct from 'cancel'
