-- rule:    D9
-- what:    Insiders of a company bought, or sold, for much in 30 days, at their own discretion.
-- grain:   one row per company, direction and form that brought the net over a threshold, each
--          threshold once until 30 days have passed without a trade; days are those on which
--          trades became known
-- status:  live
-- every:   15m
-- needs:   31d
-- misses:  what plans do; sales that others' purchases cancel; the size of the company, which its
--          evidence tells (net_30d_bps)
-- noisy:   when insiders sell for taxes, a house or a divorce; sales are low at most

with params as (
    select
        250_000 as min_buy_usd,  -- low; a guess; backtest before trusting
        5_000_000 as min_sell_usd,  -- low; sales have many motives; a guess
        interval 30 days as max_pause  -- after it a threshold may be crossed again
),

-- 1, 2, 3 and 4 at 1, 4, 20 and 100 times the threshold of a purchase; sales have one alone.
graded as (
    select
        flow.*,
        params.max_pause,
        case when flow.net_30d_usd > 0 then 1 else -1 end as sign,
        abs(flow.net_30d_usd)
        / case when flow.net_30d_usd > 0 then params.min_buy_usd else params.min_sell_usd end
            as times
    from features.insider_flow as flow
    cross join params
),

tiered as (
    select
        *,
        case
            when times < 1 then 0
            when sign = -1 or times < 4 then 1
            when times < 20 then 2
            when times < 100 then 3
            else 4
        end as tier
    from graded
),

-- The gravest that was told before, not long ago.
told as (
    select
        tiered.cik, tiered.known_at,
        max(earlier.tier) as tier
    from tiered
    inner join tiered as earlier
        on
            tiered.cik = earlier.cik
            and tiered.sign = earlier.sign
            and tiered.known_at > earlier.known_at
            and tiered.known_at <= earlier.known_at + tiered.max_pause
    group by tiered.cik, tiered.known_at
),

fired as (
    select
        tiered.*,
        coalesce(tiered.ticker, 'cik:' || tiered.cik) as entity,
        case
            when tiered.sign = -1 then least(39, 20 + 9.5 * log10(tiered.times))
            when tiered.times < 4 then 20 + 20 * (tiered.times - 1) / 3
            when tiered.times < 20 then 40 + 20 * (tiered.times - 4) / 16
            when tiered.times < 100 then 60 + 20 * (tiered.times - 20) / 80
            else least(100, 80 + 20 * (tiered.times - 100) / 400)
        end as raw_score
    from tiered
    left join told on tiered.cik = told.cik and tiered.known_at = told.known_at
    where
        tiered.tier > coalesce(told.tier, 0)
        -- What was known then is on the net's side; a purchase alone makes nobody a seller.
        and ((tiered.sign = 1 and tiered.is_buy) or (tiered.sign = -1 and tiered.is_sell))
)

select
    entity,
    case when ticker is null then 'issuer' else 'underlying' end as entity_type,
    known_at as happened_at,
    known_at as fired_at,
    case when sign = 1 then 'bull' else 'bear' end as direction,
    round(cast(raw_score as double), 6) as score,
    cast(
        case when sign = 1 then 0.7 else 0.4 end
        - case when market_cap_usd is null then 0.1 else 0 end as double
    ) as confidence,
    abs(net_30d_usd) as notional_usd,
    entity || ': insiders '
    || case when sign = 1 then 'bought' else 'sold' end || ' for '
    || cast(cast(round(abs(net_30d_usd)) as bigint) as text) || ' USD net within 30 days ('
    || cast(n_buyers_30d as text) || ' bought, ' || cast(n_sellers_30d as text) || ' sold)'
        as headline,
    to_json(struct_pack(
        cik := cik, issuer := issuer, net_30d_usd := net_30d_usd, net_90d_usd := net_90d_usd,
        buy_30d_usd := buy_30d_usd, sell_30d_usd := sell_30d_usd, n_buyers_30d := n_buyers_30d,
        n_sellers_30d := n_sellers_30d, all_net_30d_usd := all_net_30d_usd,
        market_cap_usd := market_cap_usd, net_30d_bps := net_30d_bps,
        times := round(times, 6), tier := tier, available_date := available_date,
        accession_no := accession_no
    )) as evidence,
    concat_ws(
        '|', 'filings.insider_flow', entity, case when sign = 1 then 'buy' else 'sell' end,
        accession_no
    ) as alert_key
from fired
where known_at < (select clock.until from ops.clock as clock)
