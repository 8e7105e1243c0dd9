-- what:    Who began a stock's off-exchange prints in a session, as far as that can be said.
-- grain:   one row per symbol and session with prints, told 4 h 15 min after the close; bull_share
--          is null where less than a fifth of the value has a side
-- status:  live
-- needs:   24h

with params as (
    select
        interval 255 minutes as max_wait,  -- as in features.off_exchange_flow_days
        0.2 as min_sided_frac,  -- below it nothing is said, rule book C3
        20 as shrink_prints,  -- of a mean print's value pull the share to a half, rule book C3
        0.6 as min_bull_share,  -- founding rule
        0.4 as max_bear_share,  -- founding rule
        0.3 as min_label_sided_frac  -- for a direction, rule book C3
),

summed as (
    select
        parts.symbol, parts.session_date,
        max(sessions.closes_at + params.max_wait) as known_at,
        max(sessions.closes_at) as closes_at,
        cast(sum(parts.total_usd) as double) as total_usd,
        cast(sum(parts.bull_usd) as double) as bull_usd,
        cast(sum(parts.bear_usd) as double) as bear_usd,
        cast(sum(parts.mid_usd) as double) as mid_usd,
        cast(sum(parts.large_usd) as double) as large_usd,
        cast(sum(parts.n_prints) as bigint) as n_prints,
        cast(sum(parts.n_large_prints) as bigint) as n_large_prints,
        cast(sum(parts.n_blocks) as bigint) as n_blocks
    from features.off_exchange_flow_days as parts
    cross join params
    inner join curated.us_sessions as sessions on parts.session_date = sessions.session_date
    where sessions.closes_at + params.max_wait < (select clock.until from ops.clock as clock)
    group by parts.symbol, parts.session_date
),

measured as (
    select
        summed.*,
        (summed.bull_usd + summed.bear_usd) / nullif(summed.total_usd, 0) as sided_frac,
        (
            summed.bull_usd
            + 0.5 * params.shrink_prints * summed.total_usd / summed.n_prints
        ) / nullif(
            summed.bull_usd + summed.bear_usd
            + params.shrink_prints * summed.total_usd / summed.n_prints, 0
        ) as bull_share,
        params.min_sided_frac, params.min_label_sided_frac, params.min_bull_share,
        params.max_bear_share
    from summed
    cross join params
)

select
    symbol,
    session_date,
    known_at,
    closes_at,
    round(total_usd, 2) as total_usd,  -- off exchange
    round(bull_usd, 2) as bull_usd,  -- begun by a buyer
    round(bear_usd, 2) as bear_usd,  -- begun by a seller
    round(mid_usd, 2) as mid_usd,  -- exactly between bid and ask
    round(large_usd, 2) as large_usd,  -- of prints of 1 M USD and more
    n_prints,  -- off exchange
    n_large_prints,  -- of 1 M USD and more
    n_blocks,  -- prints of 10 M USD and more
    round(sided_frac, 6) as sided_frac,  -- of the value, that has a side; 0 to 1
    round(case when sided_frac >= min_sided_frac then bull_share end, 6)
        as bull_share,  -- of the sided value, by buyers; pulled to a half where prints are few
    case
        when sided_frac < min_label_sided_frac or sided_frac is null then null
        when bull_share > min_bull_share then 'bull'
        when bull_share < max_bear_share then 'bear'
        else 'neutral'
    end as direction,  -- null where too little has a side
    -- Sides are right in about two cases of three, so that no share of them makes it sure.
    round(case when sided_frac >= min_label_sided_frac then 0.6 * least(1, sided_frac) end, 6)
        as confidence  -- of the direction, 0 to 0.6; null without one
from measured
