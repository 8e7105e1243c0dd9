-- what:    Which tickers an issuer had, and when, as the SEC's lists came to tell it.
-- grain:   one row per issuer, ticker and stretch of days in which it is told, by version, and
--          another one from when its end was known; withdrawn_at is null while it stands
-- status:  live

with versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from raw.issuers
    window in_order as (partition by cik, ticker order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
),

steps as (
    select
        *,
        coalesce(lag(is_gone) over in_order, true) as is_first,
        coalesce(exchange, lag(exchange) over in_order) as listed_on
    from versions
    window in_order as (partition by cik, ticker order by known_at)
),

stretches as (
    select
        *,
        sum(case when is_first then 1 else 0 end) over so_far as stretch
    from steps
    window so_far as (
        partition by cik, ticker order by known_at
        rows between unbounded preceding and current row
    )
),

-- A list says how it is on its day and not since when: it holds from its first list to its last.
dated as (
    select
        *,
        cast(timezone('America/New_York', min(known_at) over in_stretch) as date) as valid_from,
        case when is_gone then cast(timezone('America/New_York', known_at) as date) end as valid_to
    from stretches
    window in_stretch as (partition by cik, ticker, stretch)
)

select
    cik,
    ticker,
    issuer,
    listed_on as exchange,  -- in the SEC's words; null where no list says it
    valid_from,  -- the day of the first list that has it, in New York
    valid_to,  -- the day of the first list that has it no more
    known_at,
    case when not is_gone then replaced_at end
        as withdrawn_at  -- when its end, or another name or exchange, became known
from dated
where not is_gone or (not is_first and valid_from < valid_to)
