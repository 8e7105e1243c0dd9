-- rule:    E5
-- what:    How far what is bought and sold of a stock and what its price does are apart.
-- grain:   one row per symbol and session, as in features.score_components; divergence is null, and
--          its parts 0, where nothing is known of the flow or of the price
-- status:  live
-- needs:   0s, 5 sessions of features.off_exchange_flow
-- misses:  who is right; within a day flow and price move together, so what is left is rare
-- noisy:   after a report of earnings (has_earnings), whose gap the flow of days can't follow

with params as (
    select
        0.5 as min_strength,  -- of both, to be divergent; rule book E5
        5 as flow_sessions,  -- of the founding form; rule book E5
        5 as min_move_pct,  -- founding rule
        10 as min_flow_pct  -- founding rule
),

strengths as (
    select
        symbol, session_date, known_at,
        max(case when component = 'flow' then s end) as s_options,
        max(case when component = 'dp' then s end) as s_dp,
        max(case when component = 'blocks' then s end) as s_blocks
    from features.score_components
    where component in ('flow', 'dp', 'blocks')
    group by symbol, session_date, known_at
),

-- One of two that is missing is neutral; both missing say nothing.
flows as (
    select
        strengths.symbol, strengths.session_date, strengths.known_at,
        sessions.sequence as place,
        coalesce(
            strengths.s_options,
            case
                when strengths.s_dp is not null or strengths.s_blocks is not null
                    then (coalesce(strengths.s_dp, 0) + coalesce(strengths.s_blocks, 0)) / 2
            end
        ) as s_flow,
        case
            when strengths.s_options is not null then 'options'
            when strengths.s_dp is not null or strengths.s_blocks is not null then 'prints'
        end as flow_basis
    from strengths
    inner join curated.us_sessions as sessions
        on strengths.session_date = sessions.session_date
),

prints as (
    select
        flow.symbol, flow.bull_usd, flow.bear_usd,
        sessions.sequence as place
    from features.off_exchange_flow as flow
    inner join curated.us_sessions as sessions on flow.session_date = sessions.session_date
),

balances as (
    select
        flows.symbol, flows.session_date,
        cast(sum(cast(prints.bull_usd as decimal(28, 2))) as double) as bull_usd,
        cast(sum(cast(prints.bear_usd as decimal(28, 2))) as double) as bear_usd
    from flows
    cross join params
    inner join prints
        on
            flows.symbol = prints.symbol
            and flows.place - params.flow_sessions < prints.place
            and flows.place >= prints.place
    group by flows.symbol, flows.session_date
),

earnings as (
    select
        moves.symbol, moves.session_date
    from features.price_returns as moves
    inner join curated.us_sessions as begun on moves.from_date = begun.session_date
    inner join curated.earnings as reports
        on
            moves.symbol = reports.entity
            and moves.known_at >= reports.reports_at
            and moves.known_at >= reports.known_at
            and begun.closes_at <= reports.reports_at
            and coalesce(moves.known_at < reports.withdrawn_at, true)
    group by moves.symbol, moves.session_date
),

beside as (
    select
        flows.*,
        moves.s_price, moves.return_5d_pct,
        sign(flows.s_flow - moves.s_price) as sense,
        case
            when flows.s_flow is not null and moves.s_price is not null
                then least(abs(flows.s_flow), abs(moves.s_price))
        end as weaker,
        round(
            100 * (balances.bull_usd - balances.bear_usd)
            / nullif(balances.bull_usd + balances.bear_usd, 0), 6
        ) as flow_pct,
        earnings.symbol is not null as has_earnings
    from flows
    left join features.price_returns as moves
        on flows.symbol = moves.symbol and flows.session_date = moves.session_date
    left join balances
        on flows.symbol = balances.symbol and flows.session_date = balances.session_date
    left join earnings
        on flows.symbol = earnings.symbol and flows.session_date = earnings.session_date
),

judged as (
    select
        beside.*,
        params.min_move_pct, params.min_flow_pct,
        round(50 * beside.sense * beside.s_flow, 9) as flow_points,
        round(-50 * beside.sense * beside.s_price, 9) as price_points,
        coalesce(
            beside.s_flow * beside.s_price < 0 and beside.weaker >= params.min_strength, false
        ) as is_divergent
    from beside
    cross join params
)

select
    symbol as entity,  -- the ticker then valid
    symbol,  -- the same
    session_date,
    known_at,  -- five hours after the close
    round(flow_points + price_points, 9)
        as divergence,  -- half the distance of flow and price, 0 to 100
    case when is_divergent and s_flow > 0 then 'bullish' when is_divergent then 'bearish' end
        as label,  -- bullish: the price is down and the flow in; null where they do not differ
    is_divergent,  -- of opposite signs, and both strong
    s_flow,  -- strength of the flow, -1 to 1: of options, or of prints off exchange and blocks
    s_price,  -- strength of the return, -1 to 1
    return_5d_pct,  -- percent in five sessions, adjusted
    flow_pct,  -- bought less sold over both, percent of the value off exchange in five sessions
    round(abs(flow_pct - return_5d_pct), 6)
        as divergence_legacy,  -- percent less percent: the founding form, 0 to no bound
    case
        when return_5d_pct <= -min_move_pct and flow_pct >= min_flow_pct then 'bullish'
        when return_5d_pct >= min_move_pct and flow_pct <= -min_flow_pct then 'bearish'
    end as label_legacy,  -- the founding form's
    case when price_points is null then 0 else coalesce(flow_points, 0) end
        as part_flow,  -- points; both parts are the score
    case when flow_points is null then 0 else coalesce(price_points, 0) end
        as part_price,  -- points
    round(weaker, 9) as weaker_strength,  -- the lesser of both strengths, 0 to 1
    flow_basis,  -- options or prints: whose flow it is
    has_earnings  -- a report lies within the five sessions: divergence is usual then
from judged
