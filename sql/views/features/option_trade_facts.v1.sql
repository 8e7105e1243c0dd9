-- what:    Option trades with what size and price mean: money, time left, place in the spread.
-- grain:   one row per trade and version; what needs a quote, a delta or the underlying's price is
--          null where that is unknown
-- status:  live
-- needs:   0s

with params as (
    select
        interval 8 hours as coin_settles,  -- UTC of the last day; Deribit's and OKX's rule
        interval 21 hours as usual_close  -- UTC, behind the calendar's end; New York in winter
),

sessions as (
    select
        *,
        lead(session_date) over (order by sequence) as next_date
    from curated.us_sessions
),

gaps as (
    select listed.n_days
    from (values (0), (1), (2)) as listed (n_days)
),

-- What expires on a Saturday, or on the one behind Good Friday, settles with the session before.
last_days as (
    select
        sessions.session_date + gaps.n_days as expiration,
        sessions.opens_at,
        sessions.closes_at
    from sessions
    inner join gaps
        on gaps.n_days = 0 or sessions.session_date + gaps.n_days < sessions.next_date
),

measured as (
    select
        trades.*,
        trades.expiration - trades.session_date as dte,
        case
            when trades.underlying like '%:%'
                then timezone('UTC', trades.expiration + params.coin_settles)
            else coalesce(
                case when roots.settlement = 'am' then last_days.opens_at end,
                last_days.closes_at,
                timezone('UTC', trades.expiration + params.usual_close)
            )
        end as settles_at,
        cast(trades.strike as double) / nullif(cast(trades.underlying_price as double), 0)
            as strike_ratio,
        cast(trades.underlying_price as double) * cast(trades.size as double)
        * cast(trades.multiplier as double) as notional_usd,
        trades.ask - trades.bid as spread,
        trades.ask + trades.bid as twice_mid,
        abs(trades.delta) as abs_delta
    from curated.option_trades as trades
    cross join params
    left join last_days on trades.expiration = last_days.expiration
    left join curated.option_roots as roots
        on
            trades.root = roots.root
            and trades.session_date >= roots.valid_from
            and coalesce(trades.session_date < roots.valid_to, true)
)

select
    known_at,
    traded_at,
    sequence,
    session_date,
    venue,
    trade_id,
    underlying,
    contract,
    expiration,
    strike,
    put_call,
    price,  -- USD of one unit of the underlying
    size,  -- contracts
    premium_usd,  -- price, size and multiplier
    bid,  -- USD, before the print
    ask,  -- USD, before the print
    side,  -- 1 buyer-initiated, -1 seller-initiated
    side_prob,  -- that the side is right, 0.5 to 1
    opt_trade_class,  -- regular, auction, cross, floor, multi_leg, stock_tied, late, ...
    iv,
    delta,
    withdrawn_at,  -- when a cancel or another version of it became known
    price_bucket,  -- where it lies between bid and ask
    is_iso,  -- sent as an intermarket sweep
    is_floor,  -- traded on a floor
    multiplier,  -- units of the underlying a contract
    is_adjusted,  -- it delivers something else than its root's shares
    root,
    underlying_price,
    bid_size,
    ask_size,
    block_id,
    condition,
    source,
    dte,  -- days to expiration, by the calendar
    dte = 0 as is_0dte,  -- it expires today
    settles_at,  -- the open or the close of the last session, by its root
    round(
        cast(greatest(epoch_us(settles_at) - epoch_us(traded_at), 0) as double)
        / 31_536_000_000_000, 9
    ) as t_years,  -- to settlement, in years of 365 days
    case
        when put_call = 'call' and strike_ratio > 1 then round(100 * (strike_ratio - 1), 6)
        when put_call = 'put' and strike_ratio < 1 then round(100 * (1 - strike_ratio), 6)
        when strike_ratio is not null then 0
    end as otm_pct,  -- out of the money, in percent of the underlying; 0 in the money
    round(200 * cast(spread as double) / nullif(cast(twice_mid as double), 0), 6)
        as spread_pct,  -- the spread in percent of the mid
    round(cast(2 * price - twice_mid as double) / nullif(cast(spread as double), 0), 6)
        as eff_pos,  -- -1 at the bid, 1 at the ask, 0 in the middle
    round(notional_usd, 6) as notional_usd,  -- underlying price, size and multiplier
    round(delta * notional_usd, 6) as delta_notional_usd,  -- puts below 0
    case
        when premium_usd >= 10_000_000 then 10_000_000
        when premium_usd >= 1_000_000 then 1_000_000
        when premium_usd >= 500_000 then 500_000
        when premium_usd >= 100_000 then 100_000
        when premium_usd >= 25_000 then 25_000
        when premium_usd is not null then 0
    end as premium_tier_usd,  -- the highest of rule book A3's bounds that it reaches
    case
        when dte <= 0 then '0'
        when dte <= 7 then '1-7'
        when dte <= 30 then '8-30'
        when dte <= 60 then '31-60'
        when dte <= 180 then '61-180'
        when dte > 180 then 'over 180'
    end as dte_bucket,  -- days
    case
        when abs_delta < 0.2 then '0-0.2'
        when abs_delta < 0.4 then '0.2-0.4'
        when abs_delta < 0.6 then '0.4-0.6'
        when abs_delta < 0.8 then '0.6-0.8'
        when abs_delta >= 0.8 then '0.8-1'
    end as delta_bucket  -- by the absolute delta
from measured
