-- rule:    F2, F3
-- what:    The price of each entity's bar, how much it usually moves, and how stormy it has been.
-- grain:   one row per entity and bar; what has too little history is null, as is the regime of
--          what has not moved
-- status:  live
-- needs:   275 sessions, 2d of backtest.pair_closes

with params as (
    select
        0.94 as decay,  -- rule book F1: RiskMetrics, a bar
        20 as min_returns,  -- below it a volatility is a guess, rule book 0.3
        10 as max_gap,  -- bars; over a longer silence there is no return
        60 as min_ranks,  -- below it a cut at a percentile says nothing, rule book 0.4
        0.05 as rise_frac,  -- Donoho 2004
        0.02 as top_frac,  -- Donoho 2004, of the day's cross-section
        0.50 as min_price_usd,  -- Donoho 2004
        50 as min_stocks  -- two percent of fewer is nobody
),

closes as (
    select * from backtest.session_closes
    union all by name
    select * from backtest.pair_closes
),

followed as (
    select
        *,
        lag(price) over in_order as previous_price,
        place - lag(place) over in_order as n_bars
    from closes
    window in_order as (partition by bar, security_id order by place)
),

steps as (
    select
        followed.*,
        followed.place // 1000 as block,
        case
            when followed.n_bars <= params.max_gap then ln(followed.price / followed.previous_price)
        end as step,
        case when followed.n_bars = 1 then followed.price / followed.previous_price - 1 end
            as return_frac,
        followed.kind = 'stock' and followed.n_bars = 1 as is_ranked
    from followed
    cross join params
),

-- Each beside its own block of bars and, where it may still be looked back to, beside the next, so
-- that a weight is a power of a small number.
beside as (
    select
        bar, security_id, place, step, block
    from steps
    union all
    select
        bar, security_id, place, step,
        block + 1 as block
    from steps
    where place % 1000 >= 750
),

weights as (
    select
        beside.*,
        case
            when beside.step is not null
                then power(params.decay, 1000 * beside.block - beside.place)
        end as weight
    from beside
    cross join params
),

-- Of 250 bars: what is older weighs less than a millionth, and an end makes it repeatable.
variances as (
    select
        bar, security_id, place, block,
        count(step) over past as n_returns,
        sum(step * step * weight) over past / sum(weight) over past as variance
    from weights
    window
        past as (
            partition by bar, security_id, block order by place
            range between 249 preceding and current row
        )
),

-- Of 20 bars, at least 15 of them, rule book F3.
shaken as (
    select
        *,
        case
            when count(step) over recent >= 15
                then nullif(round(stddev_samp(step) over recent, 12), 0)
        end as vol
    from steps
    window
        recent as (
            partition by bar, security_id order by place
            range between 19 preceding and current row
        )
),

cuts as (
    select
        *,
        count(vol) over past as n_ranks,
        quantile_disc(vol, 0.5) over past as normal_from,
        quantile_disc(vol, 0.85) over past as stressed_from
    from shaken
    window
        past as (
            partition by bar, security_id order by place
            range between 252 preceding and 1 preceding
        )
),

called as (
    select
        cuts.*,
        case
            when cuts.n_ranks < params.min_ranks or cuts.vol is null then null
            when cuts.vol < cuts.normal_from then 'calm'
            when cuts.vol < cuts.stressed_from then 'normal'
            else 'stressed'
        end as verdict
    from cuts
    cross join params
),

-- A change of regime counts once two bars say the same, rule book F3.
agreed as (
    select
        *,
        case when verdict = lag(verdict) over in_order then verdict end as confirmed,
        case
            when is_ranked
                then rank() over (
                    partition by bar, place, is_ranked order by return_frac desc nulls last
                )
        end as nth_rise,
        sum(case when is_ranked then 1 else 0 end) over (partition by bar, place) as n_stocks
    from called
    window in_order as (partition by bar, security_id order by place)
),

-- Its returns of a year beside the market's in the same bars.
beside_market as (
    select
        steps.bar, steps.security_id, steps.place,
        markets.market, markets.log_level, markets.nth,
        markets.return_frac as market_return_frac,
        regr_count(steps.return_frac, markets.return_frac) over past as n_beta,
        regr_slope(steps.return_frac, markets.return_frac) over past as beta
    from steps
    inner join backtest.markets as markets
        on steps.bar = markets.bar and steps.place = markets.place
    window
        past as (
            partition by steps.bar, steps.security_id order by steps.place
            range between 251 preceding and current row
        )
)

select
    agreed.entity,  -- as detectors name it
    agreed.security_id,  -- outlives a ticker: what one series is of
    agreed.kind,  -- stock, spot (of option chains) or pair
    agreed.bar,  -- session or 5m
    agreed.session_date,  -- of a pair the UTC day
    agreed.place,  -- counts sessions, or the five minutes since 1970
    agreed.bar_at,  -- the bar's end
    agreed.price,  -- of one share of the span's end; of a pair in its quote currency
    agreed.known_at,  -- when it was first told
    round(agreed.return_frac, 9) as return_frac,  -- since the bar before; null over a gap
    variances.n_returns,  -- of which the volatility is made, 250 at most
    round(case when variances.n_returns >= params.min_returns then sqrt(variances.variance) end, 9)
        as sigma_frac,  -- of a bar's log return, this one in it, the newest weighing most
    last_value(agreed.confirmed ignore nulls) over past
        as regime,  -- calm, normal or stressed: the volatility of 20 bars among those of 252
    agreed.traded_price,  -- as it traded then
    case when agreed.kind = 'stock' then agreed.n_stocks >= params.min_stocks end
        as has_cross_section,  -- of a stock, whether the day's stocks are enough to be compared
    coalesce(
        agreed.return_frac > params.rise_frac
        and agreed.traded_price > params.min_price_usd
        and agreed.nth_rise <= params.top_frac * agreed.n_stocks, false
    ) as is_rise,  -- it rose by over 5 percent, as did two percent of all stocks at most
    beside_market.market,  -- a fund, a pair, or median; null where there is none
    beside_market.market_return_frac,  -- in the same bar
    beside_market.log_level as market_log_level,  -- sum of its log returns in the span so far
    beside_market.nth as nth_market,  -- counts the span's bars that have a market
    coalesce(beside_market.n_beta, 0) as n_beta,  -- returns of the year beside the market's
    case when isfinite(beside_market.beta) then round(beside_market.beta, 9) end
        as beta  -- of its returns to the market's; null where the market stood still
from agreed
cross join params
inner join variances
    on
        agreed.bar = variances.bar
        and agreed.security_id = variances.security_id
        and agreed.place = variances.place
        and agreed.block = variances.block
left join beside_market
    on
        agreed.bar = beside_market.bar
        and agreed.security_id = beside_market.security_id
        and agreed.place = beside_market.place
window
    past as (
        partition by agreed.bar, agreed.security_id order by agreed.place
        range between 252 preceding and current row
    )
