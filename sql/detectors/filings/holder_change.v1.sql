-- rule:    D2
-- what:    A manager bought or sold a notable part of a position between two quarters.
-- grain:   one row per manager, security and quarter; the first version that is notable counts
-- status:  live
-- every:   1m
-- needs:   0s
-- misses:  trades inside the quarter, shorts and written options; a holder of 1 % of a company,
--          since there are no shares outstanding; a quarter without one before it in the store
-- noisy:   when a share was split, since shares are as filed; and when a position went to another
--          manager of the family

with params as (
    select
        0.05 as min_change_frac,  -- of the position, rule book D2
        1_000_000 as min_trade_usd,  -- at the mean of both prices, rule book D2
        0.05 as min_opened_frac  -- of the portfolio; such an opening is more than a mention
),

moved as (
    select
        changes.*,
        params.min_opened_frac,
        abs(changes.trade_effect_usd) as trade_usd,
        greatest(changes.known_at, changes.period_ended_at) as fired_at,
        concat_ws(
            ' ', changes.cusip, changes.put_call,
            case when changes.share_type = 'PRN' then changes.share_type end
        ) as discriminator,
        case when changes.change in ('new', 'increased') then 1 else -1 end
        * case when changes.put_call = 'put' then -1 else 1 end as sign
    from features.holder_change as changes
    cross join params
    where
        changes.change in ('new', 'increased', 'decreased', 'sold_out')
        and coalesce(abs(changes.change_frac) >= params.min_change_frac, true)
        and abs(changes.trade_effect_usd) >= params.min_trade_usd
),

scored as (
    select
        *,
        case  -- 20 at 5 % of the portfolio, 39 from 24 % on; else 1, 10 and 19 at 1 M, 10 M and 1 B
            when change = 'new' and portfolio_frac >= min_opened_frac
                then least(39, 20 + 100 * (portfolio_frac - min_opened_frac))
            when trade_usd < 10_000_000 then trade_usd / 1_000_000
            else least(19, 10 + (trade_usd - 10_000_000) / 110_000_000)
        end as score,
        row_number() over (partition by cik, discriminator, period_end order by known_at) as nth
    from moved
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
    || case change
        when 'new' then 'opened' when 'increased' then 'added to'
        when 'decreased' then 'cut' else 'closed'
    end
    || ' ' || concat_ws(' ', coalesce(ticker, issuer), put_call) || ': '
    || cast(s0 as text) || ' to ' || cast(s1 as text)
    || case when share_type = 'PRN' then ' USD of principal, ' else ' shares, ' end
    || cast(round(trade_usd) as bigint) || ' USD traded, '
    || cast(round(100 * coalesce(portfolio_frac, 0)) as bigint) || ' % of its portfolio'
        as headline,
    to_json(struct_pack(
        cusip := cusip, ticker := ticker, issuer := issuer, put_call := put_call,
        share_type := share_type, change := change, period_end := period_end,
        previous_period_end := previous_period_end,
        s0 := cast(s0 as double), s1 := cast(s1 as double), change_frac := change_frac,
        value0_usd := value0_usd, value1_usd := value1_usd, value_change_usd := value_change_usd,
        trade_effect_usd := trade_effect_usd, price_effect_usd := price_effect_usd,
        portfolio_frac := portfolio_frac, previous_portfolio_frac := previous_portfolio_frac,
        is_partial := is_partial, accession_no := accession_no,
        previous_accession_no := previous_accession_no
    )) as evidence,
    concat_ws('|', 'filings.holder_change', 'cik:' || cik, discriminator, period_end) as alert_key
from scored
where nth = 1 and fired_at < (select clock.until from ops.clock as clock)
