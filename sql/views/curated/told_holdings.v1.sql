-- what:    Rows of Form 13F tables as filed, by each feed that tells them, and when each was
--          corrected.
-- grain:   one row per filing, line, feed and version; corrected_at is null while it stands
-- status:  live

-- Nearly every filing is told once, and has nothing to be put in order.
with told as (
    select
        accession_no,
        source as feed,
        min(load_id) <> max(load_id) as is_again
    from raw.holdings
    group by accession_no, source
),

once as (
    select
        entries.accession_no, entries.line, told.feed, entries.issuer, entries.class_title,
        entries.cusip,
        entries.put_call, entries.share_type, entries.shares, entries.value_reported,
        entries.discretion,
        entries.other_managers, entries.known_at,
        cast(null as timestamptz) as corrected_at
    from raw.holdings as entries
    inner join told on entries.accession_no = told.accession_no and entries.source = told.feed
    where not told.is_again and not entries.is_gone
),

versions as (
    select
        entries.*,
        told.feed,
        lead(entries.known_at) over in_order as corrected_at
    from raw.holdings as entries
    inner join told on entries.accession_no = told.accession_no and entries.source = told.feed
    where told.is_again
    window
        in_order as (
            partition by entries.accession_no, entries.line, entries.source
            order by entries.known_at, entries.recorded_at, entries.load_id
        )
    qualify lead(entries.known_at) over in_order is distinct from entries.known_at
),

either as (
    select * from once
    union all
    select
        accession_no, line, feed, issuer, class_title, cusip, put_call, share_type, shares,
        value_reported, discretion, other_managers, known_at, corrected_at
    from versions
    where not is_gone
)

select
    accession_no,
    line,
    feed,  -- the feed that tells it, sec_13f or another
    issuer,
    class_title,
    cusip,
    coalesce(
        put_call,
        case
            when substr(cusip, 7, 2) not in ('90', '95') then null
            when upper(class_title) like 'CALL%' then 'call'
            when upper(class_title) like 'PUT%' then 'put'
        end
    ) as put_call,  -- put or call, also where only CUSIP and title say so; null for the security
    share_type,
    shares,
    value_reported,  -- as filed, in dollars or thousands
    discretion,
    other_managers,
    known_at,
    corrected_at  -- when another version of the row, or its end, became known
from either
