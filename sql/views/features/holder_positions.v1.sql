-- rule:    D1, D2
-- what:    What each manager held of a security at a quarter's end, beside the quarter before.
-- grain:   one row per manager, quarter, security (CUSIP, put_call, share_type) and version; a new
--          version comes with each amendment of either quarter; prev_shares and all that rests on
--          it are null while the manager has no report of the quarter before
-- status:  live
-- misses:  a CUSIP that changed; a quarter whose original report is not in the store; a split that
--          was told later than both reports

-- Reports of true quarter ends.
with reports as (
    select *
    from curated.filings
    where
        form_type like '13F-HR%'
        and cast(date_trunc('quarter', cast(period_end + interval 1 day as date)) as date)
        = cast(period_end + interval 1 day as date)
),

held as (
    select
        cik, period_end, cusip, put_call, share_type, ticker, issuer, shares, value_usd, known_at,
        withdrawn_at
    from curated.holdings
),

-- Lines change with their filing, but for one that is corrected by itself.
news as (
    select cik, period_end, known_at, withdrawn_at
    from reports
    union all
    select cik, period_end, known_at, withdrawn_at
    from held
    group by cik, period_end, known_at, withdrawn_at
),

turns as (
    select
        cik, period_end,
        known_at as since_at
    from news
    union all
    select
        cik, period_end,
        withdrawn_at as since_at
    from news
    where withdrawn_at is not null
),

-- A report is held against the one before, so what turns the one turns the other.
moments as (
    select cik, period_end, since_at
    from turns
    union all
    select
        cik,
        cast(
            cast(period_end + interval 1 day as date) + interval 3 months - interval 1 day as date
        ) as period_end,
        since_at
    from turns
),

-- From each of these moments to the next both quarters' tables stay the same.
stretches as (
    select
        cik, period_end, since_at,
        cast(
            cast(period_end + interval 1 day as date) - interval 3 months - interval 1 day as date
        ) as previous_period_end,
        lead(since_at) over in_order as until_at
    from (select distinct cik, period_end, since_at from moments) as each_once
    window in_order as (partition by cik, period_end order by since_at)
),

-- Without an original or a restatement a table is no whole one.
states as (
    select
        stretches.cik, stretches.period_end, stretches.since_at, stretches.until_at,
        stretches.previous_period_end,
        newer.manager, newer.accession_no, newer.period_ended_at,
        older.accession_no as previous_accession_no,
        coalesce(newer.report_type = '13F COMBINATION REPORT', false)
        or coalesce(older.report_type = '13F COMBINATION REPORT', false) as is_partial,
        row_number() over (
            order by stretches.cik, stretches.period_end, stretches.since_at
        ) as state
    from stretches
    inner join reports as newer
        on
            stretches.cik = newer.cik
            and stretches.period_end = newer.period_end
            and stretches.since_at >= newer.known_at
            and coalesce(stretches.since_at < newer.withdrawn_at, true)
    left join reports as older
        on
            stretches.cik = older.cik
            and stretches.previous_period_end = older.period_end
            and stretches.since_at >= older.known_at
            and coalesce(stretches.since_at < older.withdrawn_at, true)
            and older.amendment_kind <> 'NEW HOLDINGS'
    where newer.amendment_kind <> 'NEW HOLDINGS'
),

sides as (
    select
        states.state,
        1 as side,
        held.cusip, held.put_call, held.share_type, held.ticker, held.issuer, held.shares,
        held.value_usd
    from states
    inner join held
        on
            states.cik = held.cik
            and states.period_end = held.period_end
            and states.since_at >= held.known_at
            and coalesce(states.since_at < held.withdrawn_at, true)
    union all
    select
        states.state,
        0 as side,
        held.cusip, held.put_call, held.share_type, held.ticker, held.issuer, held.shares,
        held.value_usd
    from states
    inner join held
        on
            states.cik = held.cik
            and states.previous_period_end = held.period_end
            and states.since_at >= held.known_at
            and coalesce(states.since_at < held.withdrawn_at, true)
    where states.previous_accession_no is not null
),

joined as (
    select
        state, cusip, put_call, share_type,
        coalesce(
            max(case when side = 1 then ticker end), max(case when side = 0 then ticker end)
        ) as ticker,
        coalesce(
            min(case when side = 1 then issuer end), min(case when side = 0 then issuer end)
        ) as issuer,
        sum(case when side = 0 then shares else 0 end) as shares0,
        sum(case when side = 1 then shares else 0 end) as shares1,
        round(sum(case when side = 0 then value_usd else 0 end), 2) as value0_usd,
        round(sum(case when side = 1 then value_usd else 0 end), 2) as value1_usd
    from sides
    group by state, cusip, put_call, share_type
),

portfolios as (
    select
        state,
        sum(value0_usd) as value0_usd,
        sum(value1_usd) as value1_usd
    from joined
    group by state
),

quarters as (
    select period_end, previous_period_end
    from states
    group by period_end, previous_period_end
),

-- A security's ticker at the quarter's end may not be the one that it was split under.
splits as (
    select
        quarters.period_end,
        coalesce(tickers.ticker, actions.symbol) as ticker,
        ln(cast(actions.ratio as double)) as log_ratio,
        actions.known_at, actions.withdrawn_at
    from quarters
    inner join curated.corporate_actions as actions
        on
            quarters.previous_period_end < actions.ex_date
            and quarters.period_end >= actions.ex_date
    left join curated.tickers as tickers
        on
            actions.security_id = tickers.security_id
            and quarters.period_end >= tickers.valid_from
            and coalesce(quarters.period_end < tickers.valid_to, true)
            and tickers.withdrawn_at is null
    where actions.action = 'split'
),

split_turns as (
    select
        period_end, ticker,
        known_at as since_at
    from splits
    union all
    select
        period_end, ticker,
        withdrawn_at as since_at
    from splits
    where withdrawn_at is not null
),

split_stretches as (
    select
        period_end, ticker, since_at,
        lead(since_at) over in_order as until_at
    from (select distinct period_end, ticker, since_at from split_turns) as each_once
    window in_order as (partition by period_end, ticker order by since_at)
),

-- What was known of a quarter's splits from one moment to the next.
ratios as (
    select
        split_stretches.period_end, split_stretches.ticker, split_stretches.since_at,
        split_stretches.until_at,
        round(exp(sum(splits.log_ratio)), 9) as ratio
    from split_stretches
    inner join splits
        on
            split_stretches.period_end = splits.period_end
            and split_stretches.ticker = splits.ticker
            and split_stretches.since_at >= splits.known_at
            and coalesce(split_stretches.since_at < splits.withdrawn_at, true)
    group by
        split_stretches.period_end, split_stretches.ticker, split_stretches.since_at,
        split_stretches.until_at
),

-- Shares before are those of this quarter's end; principal is not split.
adjusted as (
    select
        joined.*,
        states.cik, states.manager, states.period_end, states.previous_period_end,
        states.since_at, states.until_at, states.period_ended_at, states.accession_no,
        states.previous_accession_no, states.is_partial,
        portfolios.value0_usd as portfolio0_usd,
        portfolios.value1_usd as portfolio1_usd,
        coalesce(ratios.ratio, 1) as ratio,
        case
            when states.previous_accession_no is null then null
            when ratios.ratio is null then joined.shares0
            else cast(round(cast(joined.shares0 as double) * ratios.ratio) as decimal(38, 0))
        end as s0
    from joined
    inner join states on joined.state = states.state
    inner join portfolios on joined.state = portfolios.state
    left join ratios
        on
            joined.ticker = ratios.ticker
            and joined.share_type = 'SH'
            and states.period_end = ratios.period_end
            and states.since_at >= ratios.since_at
            and coalesce(states.since_at < ratios.until_at, true)
),

-- The mean of both ends' prices; of what is new or gone only one end has any.
priced as (
    select
        *,
        case
            when s0 = 0 then value1_usd / nullif(cast(shares1 as double), 0)
            when shares1 = 0 then value0_usd / cast(s0 as double)
            else (value0_usd / cast(s0 as double) + value1_usd / cast(shares1 as double)) / 2
        end as mean_price_usd
    from adjusted
)

select
    cik,
    manager,
    cusip,
    ticker,
    period_end,
    shares1 as shares,  -- at the quarter's end; principal in USD where share_type is PRN
    s0 as prev_shares,  -- at the quarter's end before, in shares of this one's
    shares1 - s0 as d_shares,  -- shares less prev_shares
    since_at as known_at,  -- when the later of the two quarters' tables became known
    until_at as withdrawn_at,  -- when an amendment of either quarter became known
    value1_usd as value_usd,  -- USD, at the quarter's end
    case when s0 is not null then value0_usd end as prev_value_usd,  -- USD, a quarter before
    round(cast(shares1 - s0 as double) * mean_price_usd, 6)
        as trade_effect_usd,  -- change of shares at the mean of both ends' prices
    round(value1_usd / nullif(portfolio1_usd, 0), 9) as portfolio_frac,  -- of the table's value
    case when s0 is not null then round(value0_usd / nullif(portfolio0_usd, 0), 9) end
        as prev_portfolio_frac,  -- of the previous table's value
    put_call,
    share_type,
    issuer,
    ratio as split_ratio,  -- shares that one share of the quarter before became; 1 without a split
    mean_price_usd,  -- of both quarters' ends, a share of this one's
    is_partial,  -- true: another manager reports a part in one of the two quarters
    previous_period_end,  -- the quarter's end three months before
    accession_no,
    previous_accession_no,  -- what the previous quarter rests on; null where nothing is known
    period_ended_at  -- the moment at which the quarter ended
from priced
