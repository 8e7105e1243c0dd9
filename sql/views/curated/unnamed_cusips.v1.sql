-- what:    CUSIPs of holdings for which no source has a ticker, and which are worth asking about.
-- grain:   one row per CUSIP
-- status:  live

with params as (
    select interval 90 days as asked_again_after  -- a new listing is mapped within weeks; a guess
),

held as (
    select
        entries.cusip,
        count(*) as n_holdings,
        min(entries.known_at) as known_at
    from raw.holdings as entries
    anti join curated.unfit_cusips as unfit on entries.cusip = unfit.cusip
    where not entries.is_gone
    group by entries.cusip
),

named as (
    select cusip
    from raw.securities
    where ticker is not null and not is_gone
    group by cusip
),

asked as (
    select
        cusip,
        max(known_at) as asked_at
    from raw.securities
    where source = 'openfigi' and ticker is null and not is_gone
    group by cusip
)

select
    held.cusip,
    held.n_holdings,  -- rows of tables that have it
    asked.asked_at,  -- when OpenFIGI last had no ticker for it; null where it was not asked
    held.known_at  -- since when a holding is known
from held
cross join params
cross join ops.clock as clock
left join named on held.cusip = named.cusip
left join asked on held.cusip = asked.cusip
where
    named.cusip is null
    and coalesce(asked.asked_at + params.asked_again_after < clock.until, true)
