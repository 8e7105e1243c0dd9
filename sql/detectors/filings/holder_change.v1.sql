-- rule:    D2
-- what:    A manager bought or sold a notable part of a position between two quarters.
-- grain:   one row per manager, security and quarter; the first version that is notable counts
-- status:  live
-- every:   1m
-- needs:   0s
-- misses:  trades inside the quarter, shorts and written options; a quarter without one before it
--          in the store; 1 % of a company whose shares outstanding are not known
-- noisy:   when a share was split and the split is not loaded; when a position went to another
--          manager of the family

with params as (
    select
        0.05 as min_change_frac,  -- of the position, rule book D2
        1_000_000 as min_trade_usd,  -- at the mean of both prices, rule book D2
        0.05 as min_opened_frac,  -- of the portfolio, rule book D2
        1 as min_company_pct,  -- of the shares outstanding, rule book D2
        interval 400 days as max_count_age  -- a count of shares is a year old at most
),

moved as (
    select
        changes.*,
        params.min_opened_frac, params.min_company_pct, params.max_count_age,
        abs(changes.trade_effect_usd) as trade_usd,
        greatest(changes.known_at, changes.period_ended_at) as fired_at,
        concat_ws(
            ' ', changes.cusip, changes.put_call,
            case when changes.share_type = 'PRN' then changes.share_type end
        ) as discriminator,
        case when changes.holder_change in ('new', 'increased') then 1 else -1 end
        * case when changes.put_call = 'put' then -1 else 1 end as sign
    from features.holder_changes as changes
    cross join params
    where
        changes.holder_change in ('new', 'increased', 'decreased', 'sold_out')
        and coalesce(abs(changes.change_frac) >= params.min_change_frac, true)
        and abs(changes.trade_effect_usd) >= params.min_trade_usd
),

-- The newest count of the company's shares that was known then.
counted as (
    select
        moved.cik, moved.period_end, moved.discriminator, moved.known_at,
        arg_max(
            counts.shares, struct_pack(as_of := counts.as_of_date, known := counts.known_at)
        ) as shares_outstanding
    from moved
    inner join curated.shares_outstanding as counts
        on
            moved.ticker = counts.symbol
            and moved.known_at >= counts.known_at
            and coalesce(moved.known_at < counts.withdrawn_at, true)
            and moved.period_end >= counts.as_of_date
            and moved.period_end < counts.as_of_date + moved.max_count_age
    where moved.put_call is null and moved.share_type = 'SH'
    group by moved.cik, moved.period_end, moved.discriminator, moved.known_at
),

weighed as (
    select
        moved.*,
        round(
            100 * abs(cast(moved.d_shares as double)) / cast(counted.shares_outstanding as double),
            6
        ) as company_pct
    from moved
    left join counted
        on
            moved.cik = counted.cik
            and moved.period_end = counted.period_end
            and moved.discriminator = counted.discriminator
            and moved.known_at = counted.known_at
),

scored as (
    select
        *,
        greatest(
            case  -- 20 at 5 % of the portfolio, 39 from 24 % on
                when holder_change = 'new' and portfolio_frac >= min_opened_frac
                    then least(39, 20 + 100 * (portfolio_frac - min_opened_frac))
                else 0
            end,
            case  -- 20 at 1 % of the company, 39 from 10.5 % on
                when company_pct >= min_company_pct
                    then least(39, 20 + 2 * (company_pct - min_company_pct))
                else 0
            end,
            case  -- 1, 10 and 19 at 1 M, 10 M and 1 B
                when trade_usd < 10_000_000 then trade_usd / 1_000_000
                else least(19, 10 + (trade_usd - 10_000_000) / 110_000_000)
            end
        ) as score,
        row_number() over (partition by cik, discriminator, period_end order by known_at) as nth
    from weighed
    where coalesce(fired_at < withdrawn_at, true)
)

select
    'cik:' || cik as entity,
    'manager' as entity_type,
    period_ended_at as happened_at,
    fired_at,
    case when sign = 1 then 'bull' else 'bear' end as direction,
    round(cast(score as double), 6) as score,
    -- Options may hide a written leg, and a part may have gone to a manager who reports it.
    cast(
        0.8
        - case when put_call is not null then 0.3 else 0 end
        - case when is_partial then 0.3 else 0 end as double
    ) as confidence,
    trade_usd as notional_usd,
    manager || ' '
    || case holder_change
        when 'new' then 'opened' when 'increased' then 'added to'
        when 'decreased' then 'cut' else 'closed'
    end
    || ' ' || concat_ws(' ', coalesce(ticker, issuer), put_call) || ': '
    || cast(prev_shares as text) || ' to ' || cast(shares as text)
    || case when share_type = 'PRN' then ' USD of principal, ' else ' shares, ' end
    || cast(round(trade_usd) as bigint) || ' USD traded, '
    || cast(round(100 * coalesce(portfolio_frac, 0)) as bigint) || ' % of its portfolio'
        as headline,
    to_json(struct_pack(
        cusip := cusip, ticker := ticker, issuer := issuer, put_call := put_call,
        share_type := share_type, holder_change := holder_change, period_end := period_end,
        previous_period_end := previous_period_end,
        prev_shares := cast(prev_shares as double), shares := cast(shares as double),
        split_ratio := split_ratio, change_frac := change_frac, company_pct := company_pct,
        prev_value_usd := prev_value_usd, value_usd := value_usd,
        value_change_usd := value_change_usd,
        trade_effect_usd := trade_effect_usd, price_effect_usd := price_effect_usd,
        portfolio_frac := portfolio_frac, prev_portfolio_frac := prev_portfolio_frac,
        is_partial := is_partial, accession_no := accession_no,
        previous_accession_no := previous_accession_no
    )) as evidence,
    concat_ws('|', 'filings.holder_change', 'cik:' || cik, discriminator, period_end) as alert_key
from scored
where nth = 1 and fired_at < (select clock.until from ops.clock as clock)
