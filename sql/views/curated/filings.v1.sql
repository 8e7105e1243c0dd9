-- what:    Form 13F filings with their unit of value, and the moment each was replaced.
-- grain:   one row per filing and version; withdrawn_at is null while it stands; value_usd is null
--          where the cover page has no total, as in a notice
-- status:  live

with params as (
    select
        date '2023-01-03' as first_day_of_dollars,  -- the SEC's rule; before it, thousands
        1 as max_price,  -- USD a share; listed shares that cost less are few
        0.5 as min_cheap_frac  -- of a filing's rows; then its values are in thousands
),

versions as (
    select
        *,
        coalesce(accepted_at, min(known_at) over in_all) as filed_at,
        lead(known_at) over in_order as corrected_at
    from raw.filings
    window
        in_all as (partition by accession_no),
        in_order as (partition by accession_no order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
),

-- The last original or restatement by moment, number and id is the report; a notice is no report.
ordered as (
    select
        *,
        form_type like '13F-NT%' as is_notice,
        amendment_kind <> 'NEW HOLDINGS' as is_base,
        struct_pack(
            filed := filed_at, n := coalesce(amendment_no, 0), id := accession_no,
            known := known_at
        ) as place
    from versions
    where not is_gone
),

replaced as (
    select
        *,
        min(case when is_base then known_at end) over later as superseded_at
    from ordered
    window later as (
        partition by cik, period_end, is_notice order by place
        rows between 1 following and unbounded following
    )
),

lines as (
    select
        *,
        lead(known_at) over in_order as corrected_at
    from raw.holdings
    window in_order as (partition by accession_no, line order by known_at, recorded_at, load_id)
    qualify lead(known_at) over in_order is distinct from known_at
),

-- What the rows that stood when the filing became known say of its unit.
tables as (
    select
        replaced.accession_no, replaced.known_at,
        count(*) as n_holdings,
        sum(lines.value_reported) as value_sum,
        sum(
            case
                when lines.share_type = 'SH' and lines.put_call is null and lines.shares > 0 then 1
                else 0
            end
        ) as n_priced,
        sum(
            case
                when
                    lines.share_type = 'SH' and lines.put_call is null
                    and lines.value_reported < lines.shares * params.max_price then 1
                else 0
            end
        ) as n_cheap
    from replaced
    cross join params
    inner join lines
        on
            replaced.accession_no = lines.accession_no
            and replaced.known_at >= lines.known_at
            and coalesce(replaced.known_at < lines.corrected_at, true)
    where not lines.is_gone
    group by replaced.accession_no, replaced.known_at
),

measured as (
    select
        replaced.*,
        params.first_day_of_dollars,
        tables.value_sum,
        coalesce(tables.n_holdings, 0) as n_holdings,
        coalesce(tables.n_cheap >= params.min_cheap_frac * tables.n_priced, false)
        and tables.n_priced > 0 as is_cheap
    from replaced
    cross join params
    left join tables
        on replaced.accession_no = tables.accession_no and replaced.known_at = tables.known_at
),

united as (
    select
        *,
        case when is_cheap then 'implied_price' else 'date' end as unit_rule,
        case when is_cheap or filed_date < first_day_of_dollars then 'thousand' else 'usd' end
            as value_unit
    from measured
)

select
    cik,
    manager,
    period_end,
    accession_no,
    filed_at,  -- when EDGAR accepted it, or else when it was first known
    form_type,
    report_type,
    amendment_kind,
    amendment_no,
    filed_date,
    accepted_at,
    value_unit,  -- usd or thousand: what the filer wrote its values in
    unit_rule,  -- implied_price: its shares would cost under a dollar; date: the SEC's rule
    round(cast(value_total as double) * case value_unit when 'thousand' then 1000 else 1 end, 6)
        as value_usd,  -- USD, the cover page's total
    round(
        cast(coalesce(value_sum, 0) as double)
        * case value_unit when 'thousand' then 1000 else 1 end, 6
    ) as table_usd,  -- USD, the sum of its table's rows
    n_entries,
    n_holdings,  -- rows of its table that are here
    value_total,
    known_at,
    least(
        coalesce(corrected_at, superseded_at), coalesce(superseded_at, corrected_at)
    ) as withdrawn_at,  -- when a correction, a restatement or a later original became known
    -- The quarter is over at midnight in New York.
    timezone('America/New_York', period_end + interval 1 day)
        as period_ended_at  -- the moment at which the quarter ended
from united
-- What was replaced before it was known never stood.
where coalesce(known_at < superseded_at, true)
