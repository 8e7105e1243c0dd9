-- what:    Form 13F filings with their unit of value, and the moment each was replaced.
-- grain:   one row per filing and version; withdrawn_at is null while it stands; value_usd is null
--          where the cover page has no total, as in a notice
-- status:  live

with params as (
    select
        date '2023-01-03' as first_day_of_dollars,  -- the SEC's rule; before it, thousands
        1 as max_price,  -- USD a share; listed shares that cost less are few
        5_000 as min_dear_price,  -- USD a share; listed shares that cost more are a handful
        0.5 as min_cheap_frac,  -- of a filing's rows; then its values are in the other unit
        3 as min_peers,  -- other filings of a security, so that one mistake has no majority
        1 as max_log_gap  -- a factor of 10 of 1,000; a third of the peers may be wrong themselves
),

-- Two feeds may tell one filing: XML has more than text, and both more than a data set.
ranked as (
    select
        *,
        case source
            when 'sec_13f' then 1 when 'sec_13f_text' then 2 when 'sec_13f_datasets' then 3 else 4
        end as source_rank
    from raw.filings
),

best as (
    select *
    from ranked
    window
        so_far as (
            partition by accession_no order by known_at
            range between unbounded preceding and current row
        )
    qualify min(source_rank) over so_far = source_rank
),

versions as (
    select
        *,
        coalesce(accepted_at, min(known_at) over in_all) as filed_at,
        lead(known_at) over in_order as corrected_at
    from best
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

-- The rows that stood when the filing became known.
lines as (
    select
        replaced.accession_no, replaced.known_at, replaced.period_end, replaced.amendment_kind,
        told.cusip, told.share_type, told.shares, told.value_reported,
        told.share_type = 'SH' and told.put_call is null and told.shares > 0 as is_priced
    from replaced
    inner join curated.told_holdings as told
        on
            replaced.accession_no = told.accession_no
            and replaced.source = told.feed
            and replaced.known_at >= told.known_at
            and coalesce(replaced.known_at < told.corrected_at, true)
),

tables as (
    select
        lines.accession_no, lines.known_at,
        count(*) as n_holdings,
        sum(lines.value_reported) as value_sum,
        sum(case when lines.is_priced then 1 else 0 end) as n_priced,
        sum(
            case
                when lines.is_priced and lines.value_reported < lines.shares * params.max_price
                    then 1
                else 0
            end
        ) as n_cheap,
        -- Dear would be what it cost if it were told in thousands.
        sum(
            case
                when
                    lines.is_priced
                    and lines.value_reported * 1000 >= lines.shares * params.min_dear_price then 1
                else 0
            end
        ) as n_dear
    from lines
    cross join params
    group by lines.accession_no, lines.known_at
),

-- What a filing's own prices say, and where they say nothing its date.
guessed as (
    select
        replaced.*,
        tables.value_sum,
        coalesce(tables.n_holdings, 0) as n_holdings,
        case
            when
                tables.n_cheap >= params.min_cheap_frac * tables.n_priced and tables.n_priced > 0
                then 'thousand'
            when
                replaced.filed_date < params.first_day_of_dollars
                and tables.n_dear >= params.min_cheap_frac * tables.n_priced
                and tables.n_priced > 0
                then 'usd'
        end as implied_unit,
        case when replaced.filed_date < params.first_day_of_dollars then 'thousand' else 'usd' end
            as dated_unit
    from replaced
    cross join params
    left join tables
        on replaced.accession_no = tables.accession_no and replaced.known_at = tables.known_at
),

-- What a share of each security costs in each filing, on a scale of tens.
asked as (
    select
        lines.accession_no, lines.known_at, lines.period_end, lines.cusip,
        lines.amendment_kind = 'ORIGINAL' as is_told_of,
        log10(
            cast(sum(lines.value_reported) as double) / nullif(cast(sum(lines.shares) as double), 0)
        ) as log_price
    from lines
    where lines.is_priced and lines.value_reported > 0
    group by
        lines.accession_no, lines.known_at, lines.period_end, lines.cusip, lines.amendment_kind
),

-- Beside what it costs in the originals of that quarter that were known before.
compared as (
    select
        asked.accession_no, asked.known_at, asked.log_price,
        sum(
            case
                when asked.is_told_of then
                    cast(
                        1_000_000 * (
                            asked.log_price
                            + case coalesce(guessed.implied_unit, guessed.dated_unit)
                                when 'thousand' then 3
                                else 0
                            end
                        ) as bigint
                    )
            end
        ) over before as log_sum,
        count(case when asked.is_told_of then 1 end) over before as n_peers
    from asked
    inner join guessed
        on asked.accession_no = guessed.accession_no and asked.known_at = guessed.known_at
    window before as (
        partition by asked.cusip, asked.period_end order by asked.known_at, asked.accession_no
        rows between unbounded preceding and 1 preceding
    )
),

gaps as (
    select
        *,
        log_price - cast(log_sum as double) / 1_000_000 / nullif(n_peers, 0) as log_gap
    from compared
),

votes as (
    select
        gaps.accession_no, gaps.known_at,
        sum(case when abs(gaps.log_gap) < params.max_log_gap then 1 else 0 end) as n_usd,
        sum(case when abs(gaps.log_gap + 3) < params.max_log_gap then 1 else 0 end) as n_thousand
    from gaps
    cross join params
    where gaps.n_peers >= params.min_peers
    group by gaps.accession_no, gaps.known_at
),

united as (
    select
        guessed.*,
        case
            when votes.n_usd <> votes.n_thousand then 'peers'
            when guessed.implied_unit is not null then 'implied_price'
            else 'date'
        end as unit_rule,
        case
            when votes.n_usd > votes.n_thousand then 'usd'
            when votes.n_usd < votes.n_thousand then 'thousand'
            else coalesce(guessed.implied_unit, guessed.dated_unit)
        end as value_unit
    from guessed
    left join votes
        on guessed.accession_no = votes.accession_no and guessed.known_at = votes.known_at
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
    unit_rule,  -- peers, implied_price or date: what decided, as docs/filings.md has it
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
        as period_ended_at,  -- the moment at which the quarter ended
    dated_unit,  -- usd or thousand: what the SEC's rule asks for on its filing date
    parse_confidence,  -- 0 to 1, how sure a table of text was read; null where it is XML
    is_confidential_omitted,  -- true: some holdings are kept from the public
    is_confidential_release,  -- true: an amendment that tells what was confidential
    source as feed  -- the feed that tells it, sec_13f or another
from united
-- What was replaced before it was known never stood.
where coalesce(known_at < superseded_at, true)
