-- what:    What each manager's position in a security did between two quarters that both report.
-- grain:   one row per manager, quarter, security (CUSIP, put_call, share_type) and version; a new
--          version comes with each amendment of either quarter; price and effects are null where
--          the shares are 0 on both sides
-- status:  live
-- misses:  splits between the quarters, since shares are as filed until corporate actions are
--          loaded; a CUSIP that changed; a quarter whose original report is not in the store

with params as (
    select 0.005 as max_unchanged_frac  -- rule book D2; less is rounding and fees
),

-- Reports of true quarter ends, each with the quarter before.
reports as (
    select
        *,
        cast(
            cast(period_end + interval 1 day as date) - interval 3 months - interval 1 day as date
        ) as previous_period_end
    from curated.filings
    where
        form_type like '13F-HR%'
        and cast(date_trunc('quarter', cast(period_end + interval 1 day as date)) as date)
        = cast(period_end + interval 1 day as date)
),

held as (
    select
        cik, period_end, accession_no, line, cusip, put_call, share_type, ticker, issuer, shares,
        value_usd, known_at, withdrawn_at
    from curated.holdings
),

moments as (
    select
        cik, period_end,
        known_at as since_at
    from reports
    union all
    select
        cik, period_end,
        withdrawn_at as since_at
    from reports
    where withdrawn_at is not null
    union all
    select
        cik, period_end,
        known_at as since_at
    from held
    union all
    select
        cik, period_end,
        withdrawn_at as since_at
    from held
    where withdrawn_at is not null
),

-- From each of these moments to the next a quarter's table stays the same.
stretches as (
    select
        cik, period_end, since_at,
        lead(since_at) over in_order as until_at
    from (select distinct cik, period_end, since_at from moments) as each_once
    window in_order as (partition by cik, period_end order by since_at)
),

-- Without an original or a restatement a table is no whole one.
states as (
    select
        stretches.cik, stretches.period_end, stretches.since_at, stretches.until_at,
        reports.manager, reports.accession_no, reports.previous_period_end,
        reports.period_ended_at,
        coalesce(reports.report_type = '13F COMBINATION REPORT', false) as is_partial
    from stretches
    inner join reports
        on
            stretches.cik = reports.cik
            and stretches.period_end = reports.period_end
            and stretches.since_at >= reports.known_at
            and coalesce(stretches.since_at < reports.withdrawn_at, true)
    where reports.amendment_kind <> 'NEW HOLDINGS'
),

positions as (
    select
        states.cik, states.period_end, states.since_at,
        holdings.cusip, holdings.put_call, holdings.share_type,
        sum(holdings.shares) as shares,
        round(sum(holdings.value_usd), 6) as value_usd,
        arg_min(
            struct_pack(ticker := holdings.ticker, issuer := holdings.issuer),
            struct_pack(id := holdings.accession_no, line := holdings.line)
        ) as spelling
    from states
    inner join held as holdings
        on
            states.cik = holdings.cik
            and states.period_end = holdings.period_end
            and states.since_at >= holdings.known_at
            and coalesce(states.since_at < holdings.withdrawn_at, true)
    group by
        states.cik, states.period_end, states.since_at,
        holdings.cusip, holdings.put_call, holdings.share_type
),

pairs as (
    select
        newer.cik, newer.manager, newer.period_end, newer.previous_period_end,
        newer.accession_no, newer.period_ended_at,
        older.accession_no as previous_accession_no,
        newer.since_at as newer_at,
        older.since_at as older_at,
        newer.is_partial or older.is_partial as is_partial,
        greatest(newer.since_at, older.since_at) as known_at,
        least(
            coalesce(newer.until_at, older.until_at), coalesce(older.until_at, newer.until_at)
        ) as withdrawn_at
    from states as newer
    inner join states as older
        on newer.cik = older.cik and newer.previous_period_end = older.period_end
    where
        coalesce(newer.since_at < older.until_at, true)
        and coalesce(older.since_at < newer.until_at, true)
),

sides as (
    select
        pairs.cik, pairs.period_end, pairs.known_at,
        1 as side,
        positions.cusip, positions.put_call, positions.share_type,
        positions.shares, positions.value_usd, positions.spelling
    from pairs
    inner join positions
        on
            pairs.cik = positions.cik
            and pairs.period_end = positions.period_end
            and pairs.newer_at = positions.since_at
    union all
    select
        pairs.cik, pairs.period_end, pairs.known_at,
        0 as side,
        positions.cusip, positions.put_call, positions.share_type,
        positions.shares, positions.value_usd, positions.spelling
    from pairs
    inner join positions
        on
            pairs.cik = positions.cik
            and pairs.previous_period_end = positions.period_end
            and pairs.older_at = positions.since_at
),

joined as (
    select
        cik, period_end, known_at, cusip, put_call, share_type,
        arg_max(spelling, side) as spelling,
        sum(case when side = 0 then shares else 0 end) as s0,
        sum(case when side = 1 then shares else 0 end) as s1,
        round(sum(case when side = 0 then value_usd else 0 end), 6) as value0_usd,
        round(sum(case when side = 1 then value_usd else 0 end), 6) as value1_usd
    from sides
    group by cik, period_end, known_at, cusip, put_call, share_type
),

-- The mean of both ends' prices; of what is new or gone only one end has any.
priced as (
    select
        *,
        sum(value0_usd) over report as portfolio0_usd,
        sum(value1_usd) over report as portfolio1_usd,
        case
            when s0 = 0 then value1_usd / nullif(cast(s1 as double), 0)
            when s1 = 0 then value0_usd / cast(s0 as double)
            else (value0_usd / cast(s0 as double) + value1_usd / cast(s1 as double)) / 2
        end as price_usd
    from joined
    window report as (partition by cik, period_end, known_at)
),

measured as (
    select
        *,
        round(value1_usd - value0_usd, 6) as value_change_usd,
        round(cast(s1 - s0 as double) * price_usd, 6) as trade_effect_usd
    from priced
)

select
    pairs.cik,
    pairs.manager,
    pairs.period_end,
    pairs.previous_period_end,  -- the quarter's end three months before
    measured.cusip,
    measured.spelling.ticker,
    measured.spelling.issuer,
    measured.put_call,
    measured.share_type,
    pairs.known_at,  -- when the later of the two quarters' tables became known
    pairs.withdrawn_at,  -- when an amendment of either quarter became known
    measured.s0,  -- shares at the previous quarter's end, as filed
    measured.s1,  -- shares at this quarter's end, as filed
    case
        when measured.s0 = 0 and measured.s1 > 0 then 'new'
        when measured.s0 > 0 and measured.s1 = 0 then 'sold_out'
        when abs(measured.s1 - measured.s0) <= params.max_unchanged_frac * measured.s0
            then 'unchanged'
        when measured.s1 > measured.s0 then 'increased'
        else 'decreased'
    end as change,  -- new, increased, decreased, sold_out or unchanged
    round(cast(measured.s1 - measured.s0 as double) / nullif(cast(measured.s0 as double), 0), 6)
        as change_frac,  -- of the shares before; null where there were none
    measured.value0_usd,  -- USD, at the previous quarter's end
    measured.value1_usd,  -- USD, at this quarter's end
    measured.value_change_usd,  -- USD, price_effect_usd and trade_effect_usd together
    measured.trade_effect_usd,  -- USD, change of shares at the mean of both ends' prices
    round(measured.value_change_usd - measured.trade_effect_usd, 6)
        as price_effect_usd,  -- USD, what is left: the price's doing
    round(measured.value0_usd / nullif(measured.portfolio0_usd, 0), 6)
        as previous_portfolio_frac,  -- of the previous table's value
    round(measured.value1_usd / nullif(measured.portfolio1_usd, 0), 6)
        as portfolio_frac,  -- of this table's value
    pairs.is_partial,  -- true: another manager reports a part in one of the two quarters
    pairs.accession_no,
    pairs.previous_accession_no,  -- the filing that the previous quarter rests on
    pairs.period_ended_at
from measured
cross join params
inner join pairs
    on
        measured.cik = pairs.cik
        and measured.period_end = pairs.period_end
        and measured.known_at = pairs.known_at
