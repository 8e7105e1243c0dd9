-- what:    Rows of Form 13F tables in dollars, with the moment each was replaced.
-- grain:   one row per filing, line and version; withdrawn_at is null while it stands; ticker is
--          null where none was known for the CUSIP when the row was
-- status:  live
-- misses:  a row whose CUSIP has a wrong check digit, for nobody can say what is held

-- Line and filing have versions: a holding stands while both do.
with filed as (
    select
        entries.accession_no, entries.line, entries.issuer, entries.class_title,
        entries.cusip,
        entries.put_call, entries.share_type, entries.shares, entries.value_reported,
        entries.discretion,
        entries.other_managers,
        filings.cik, filings.manager, filings.period_end, filings.filed_at, filings.filed_date,
        filings.amendment_kind, filings.value_unit,
        greatest(entries.known_at, filings.known_at) as known_at,
        least(
            coalesce(entries.corrected_at, filings.withdrawn_at),
            coalesce(filings.withdrawn_at, entries.corrected_at)
        ) as withdrawn_at
    from curated.told_holdings as entries
    inner join curated.filings as filings
        on
            entries.accession_no = filings.accession_no
            and entries.feed = filings.feed
            and coalesce(entries.known_at < filings.withdrawn_at, true)
            and coalesce(entries.corrected_at > filings.known_at, true)
),

-- Most CUSIPs are told once, and nothing has to be chosen for them.
counted as (
    select
        cusip,
        count(*) as n_told
    from curated.securities
    group by cusip
),

securities as (
    select
        told.cusip, told.ticker, told.valid_from, told.valid_to, told.known_at, told.withdrawn_at,
        counted.n_told = 1 as is_alone
    from curated.securities as told
    inner join counted on told.cusip = counted.cusip
),

alone as (
    select *
    from securities
    where is_alone
),

-- A ticker of the quarter's end, else of the filing's day; of several the newest.
tickers as (
    select
        filed.accession_no, filed.cusip, filed.known_at,
        arg_max(
            securities.ticker,
            struct_pack(
                is_of_the_end := securities.valid_from <= filed.period_end
                and coalesce(filed.period_end < securities.valid_to, true),
                since := securities.valid_from, name := securities.ticker
            )
        ) as ticker
    from filed
    inner join securities
        on
            filed.cusip = securities.cusip
            and filed.filed_date >= securities.valid_from
            and coalesce(filed.period_end < securities.valid_to, true)
            and filed.known_at >= securities.known_at
            and coalesce(filed.known_at < securities.withdrawn_at, true)
    where
        not securities.is_alone
        and (
            securities.valid_from <= filed.period_end
            or coalesce(filed.filed_date < securities.valid_to, true)
        )
    group by filed.accession_no, filed.cusip, filed.known_at
)

select
    filed.cik,
    filed.manager,
    filed.period_end,
    filed.accession_no,
    filed.filed_at,
    filed.amendment_kind,
    filed.cusip,
    coalesce(alone.ticker, tickers.ticker) as ticker,
    filed.issuer,
    filed.put_call,
    filed.shares,
    round(
        cast(filed.value_reported as double)
        * case filed.value_unit when 'thousand' then 1000 else 1 end, 6
    ) as value_usd,  -- USD; of an option row, what the underlying shares are worth
    filed.known_at,
    filed.withdrawn_at,  -- when a correction, a restatement or a later original became known
    filed.share_type,
    filed.line,
    filed.class_title,
    filed.value_unit,
    filed.discretion,
    filed.other_managers
from filed
left join alone
    on
        filed.cusip = alone.cusip
        and filed.filed_date >= alone.valid_from
        and coalesce(filed.period_end < alone.valid_to, true)
        and filed.known_at >= alone.known_at
        and coalesce(filed.known_at < alone.withdrawn_at, true)
        and (
            filed.period_end >= alone.valid_from
            or coalesce(filed.filed_date < alone.valid_to, true)
        )
left join tickers
    on
        filed.accession_no = tickers.accession_no
        and filed.cusip = tickers.cusip
        and filed.known_at = tickers.known_at
-- Asked last, and not joined above, it takes no room.
where filed.cusip not in (select unfit.cusip from curated.unfit_cusips as unfit)
