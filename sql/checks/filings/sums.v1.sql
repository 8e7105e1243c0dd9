-- what:     13F filings whose table has other rows, or another value, than their cover page says.
-- grain:    one row per filing
-- status:   live
-- every:    1d
-- severity: medium
-- needs:    0s

with params as (
    select 0.01 as max_gap  -- rounding of every row to thousands
),

covers as (
    select *
    from raw.filings
    window
        same_filing as (
            partition by accession_no order by known_at, recorded_at, load_id
        )
    qualify lead(known_at) over same_filing is null
),

tables as (
    select
        accession_no,
        count(*) as n_rows,
        sum(value_reported) as value_reported
    from (
        select *
        from raw.holdings
        window
            same_row as (
                partition by accession_no, line order by known_at, recorded_at, load_id
            )
        qualify lead(known_at) over same_row is null
    ) as told
    where not is_gone
    group by accession_no
)

select
    'filings' as dataset,
    'cik:' || covers.cik as entity,
    covers.known_at,
    case
        when tables.n_rows <> covers.n_entries
            then tables.n_rows || ' rows, its cover page says ' || covers.n_entries
        else
            'a value of ' || cast(tables.value_reported as bigint) || ', its cover page says '
            || cast(covers.value_total as bigint)
    end as reason,
    to_json(struct_pack(
        accession_no := covers.accession_no, n_rows := tables.n_rows,
        n_entries := covers.n_entries, value_reported := cast(tables.value_reported as double),
        value_total := cast(covers.value_total as double)
    )) as evidence
from covers
cross join params
inner join tables on covers.accession_no = tables.accession_no
where
    not covers.is_gone
    and (
        tables.n_rows <> covers.n_entries
        or abs(tables.value_reported - covers.value_total)
        > params.max_gap * greatest(covers.value_total, 1)
    )
