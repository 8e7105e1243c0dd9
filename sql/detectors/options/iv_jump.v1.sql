-- rule:    A8
-- what:    Volatility of an underlying rose in a session far more than the market's explains.
-- grain:   one row per underlying and session; the first version that is a jump counts
-- status:  live
-- every:   1m
-- needs:   10 sessions
-- misses:  underlyings without an expiration each side of 30 days, or whose chains have no bids and
--          offers; a session whose predecessor is missing; earnings that nobody loaded
-- noisy:   when news of the day is the reason, which only a person can tell; where no market is
--          loaded, when all volatilities rise

with params as (
    select
        3.5 as min_jump_z,  -- the usual cut of outliers; rule book A8
        0.02 as min_move,  -- two points of volatility; rule book A8
        60 as full_history,  -- below it a z is a rough guess
        25_000 as min_vega_usd,  -- what the move was worth on what traded; rule book A8
        10 as critical_floors  -- a critical one is worth ten times the floor; rule book 0.5
),

risen as (
    select
        *,
        round(iv30 - previous_iv30, 9) as rise
    from features.iv_change
),

moved as (
    select
        risen.*,
        params.full_history, params.min_vega_usd, params.critical_floors,
        round(risen.rise * risen.vega_traded_usd, 2) as vega_usd
    from risen
    cross join params
    where
        risen.jump_z >= params.min_jump_z
        and risen.rise >= params.min_move
        -- Half of what lies between the volatilities of bid and ask is what it may be wrong by.
        and risen.iv30_error < risen.rise / 2
),

-- A report that the window reaches for the first time raises it by rule.
reached as (
    select
        moved.underlying, moved.session_date, moved.known_at
    from moved
    inner join curated.earnings as reports
        on
            moved.underlying = reports.entity
            and moved.known_at < reports.reports_at
            and moved.far_expiration >= cast(timezone('UTC', reports.reports_at) as date)
            and moved.known_at >= reports.known_at
            and coalesce(moved.known_at < reports.withdrawn_at, true)
    left join curated.earnings as expected
        on
            reports.event_id = expected.event_id
            and moved.previous_far_expiration
            >= cast(timezone('UTC', expected.reports_at) as date)
            and moved.previous_known_at >= expected.known_at
            and coalesce(moved.previous_known_at < expected.withdrawn_at, true)
    where expected.event_id is null
    group by moved.underlying, moved.session_date, moved.known_at
),

jumps as (
    select
        moved.*,
        case when moved.known_at < moved.closes_at then moved.known_at else moved.closes_at end
            as happened_at,
        0.4
        + case when moved.market is not null then 0.2 else 0 end
        + case when moved.n_changes >= moved.full_history then 0.2 else 0 end
        + case when moved.iv30_error < moved.rise / 4 then 0.2 else 0 end as confidence,
        case  -- 40, 60, 80 and 100 at 3.5, 5, 7 and 14
            when moved.jump_z < 5 then 40 + (moved.jump_z - 3.5) * 40 / 3
            when moved.jump_z < 7 then 60 + (moved.jump_z - 5) * 10
            else least(100, 80 + (moved.jump_z - 7) * 20 / 7)
        end as z_score
    from moved
    left join reached
        on
            moved.underlying = reached.underlying
            and moved.session_date = reached.session_date
            and moved.known_at = reached.known_at
    where reached.underlying is null
    qualify
        row_number() over (
            partition by moved.underlying, moved.session_date order by moved.known_at
        ) = 1
),

fired as (
    select
        *,
        least(
            z_score,
            case when residual > max_residual then 100 else 59 end,
            case
                when vega_usd >= critical_floors * min_vega_usd and confidence >= 0.6 then 100
                else 79
            end,
            case when n_changes >= full_history then 100 else 39 end,
            case when vega_usd >= min_vega_usd then 100 else 19 end
        ) as score
    from jumps
)

select
    underlying as entity,
    'underlying' as entity_type,
    happened_at,
    known_at as fired_at,
    cast(null as text) as direction,
    round(cast(score as double), 6) as score,
    round(cast(confidence as double), 6) as confidence,
    vega_usd as notional_usd,
    underlying || ': 30-day volatility '
    || cast(round(100 * previous_iv30, 1) as decimal(9, 1)) || ' to '
    || cast(round(100 * iv30, 1) as decimal(9, 1)) || ' %, z '
    || cast(round(jump_z, 1) as decimal(9, 1))
    || case when market is null then '' else ' beyond ' || market end as headline,
    to_json(struct_pack(
        session_date := session_date, iv30 := iv30, previous_iv30 := previous_iv30,
        rise := rise, iv30_error := iv30_error, d_iv := d_iv, market := market,
        market_d_iv := market_d_iv, beta := beta, residual := residual, middle := middle,
        mad := mad, max_residual := max_residual, jump_z := jump_z, n_changes := n_changes,
        short_history := n_changes < full_history, no_market := market is null,
        iv_ratio := iv_ratio, near_iv := near_iv, vega_traded_usd := vega_traded_usd,
        far_expiration := far_expiration
    )) as evidence,
    concat_ws('|', 'options.iv_jump', underlying, 'iv30', session_date) as alert_key
from fired
where known_at < (select clock.until from ops.clock as clock)
