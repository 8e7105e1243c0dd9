-- rule:    F2
-- what:    What came of every bar in each horizon, and which of the moves were significant.
-- grain:   one row per entity, bar and horizon that is over; a label is null where it can't be said
-- status:  live
-- needs:   12 sessions
-- misses:  what a share paid; a move through a silence, whose exit has no price
-- noisy:   moves of neighbouring bars overlap, so that many of them are one

with params as (
    select
        2 as sigmas,  -- rule book F2
        3 as more_sigmas,  -- rule book F2
        60 as min_moves_95,  -- below it a cut at a percentile says nothing, rule book 0.4
        100 as min_moves_99,  -- of fewer the last percent is none
        60 as min_beta_returns  -- below it beta is one; a guess
),

bars as (
    select
        *,
        case when lead(place) over in_order = place + 1 then lead(price) over in_order end
            as price_after,
        case when lead(place) over in_order = place + 1 then lead(bar_at) over in_order end
            as next_at,
        min(case when is_rise then place end) over ahead as rise_place,
        min(case when not has_cross_section then place end) over ahead as thin_place
    from backtest.prices
    window
        in_order as (partition by bar, security_id order by place),
        ahead as (
            partition by bar, security_id order by place
            range between 1 following and 10 following
        )
),

-- The exit is reckoned before the join: else it would pair all bars of an entity.
entries as (
    select
        bars.*,
        horizons.horizon, horizons.n_bars,
        bars.place + horizons.n_bars as exit_place
    from bars
    inner join backtest.horizons as horizons on bars.bar = horizons.bar
),

ended as (
    select
        entries.*,
        exits.bar_at as exit_at,
        exits.known_at as told_at,
        exits.traded_price as exit_price,
        exits.market,
        exits.traded_price / exits.price as to_exit,
        exits.price / entries.price - 1 as move_frac,
        ln(exits.price / entries.price) as log_return,
        usual.n_moves, usual.percentile_95, usual.percentile_99,
        -- The first session of all has a level and no return.
        case
            when exits.nth_market - coalesce(entries.nth_market, 0) = entries.n_bars
                then exp(exits.market_log_level - coalesce(entries.market_log_level, 0)) - 1
        end as market_frac
    from entries
    inner join bars as exits
        on
            entries.bar = exits.bar
            and entries.security_id = exits.security_id
            and entries.exit_place = exits.place
    left join backtest.usual_moves as usual
        on
            entries.bar = usual.bar
            and entries.security_id = usual.security_id
            and entries.place = usual.place
            and entries.horizon = usual.horizon
),

labelled as (
    select
        ended.*,
        params.sigmas, params.more_sigmas,
        abs(round(ended.log_return, 9)) as size,
        nullif(round(ended.sigma_frac * sqrt(ended.n_bars), 9), 0) as usual_size,
        case when ended.n_moves >= params.min_moves_95 then nullif(ended.percentile_95, 0) end
            as cut_95,
        case when ended.n_moves >= params.min_moves_99 then nullif(ended.percentile_99, 0) end
            as cut_99,
        case when ended.n_beta >= params.min_beta_returns then ended.beta end as own_beta
    from ended
    cross join params
)

select
    entity,  -- as detectors name it
    kind,  -- stock, spot (of option chains) or pair
    bar,  -- session or 5m
    session_date,  -- of the entry; of a pair the UTC day
    known_at as priced_at,  -- when the entry's price was known
    horizon,  -- 1, 2, 5 or 10 sessions; of pairs 5 minutes, 1 or 4 hours, 1 day
    round(price * to_exit, 9) as entry_price,  -- in shares of the exit's day
    round(exit_price, 9) as exit_price,  -- as it traded that day
    exit_at,  -- the end of the exit's bar
    round(move_frac, 9) as return_frac,  -- 0.1 is 10 percent
    round(market_frac, 9) as market_return_frac,  -- in the same bars; null where one has no market
    round(move_frac - coalesce(own_beta, 1) * market_frac, 9)
        as excess_frac,  -- what is left without beta times the market
    size >= sigmas * usual_size as is_sigma_2,  -- at least twice what is usual, either way
    size >= more_sigmas * usual_size as is_sigma_3,  -- at least three times
    size > cut_95 as is_percentile_95,  -- larger than 95 percent of its own year, or week
    size > cut_99 as is_percentile_99,  -- larger than 99 percent
    case
        when rise_place <= place + n_bars then true
        when kind = 'stock' and coalesce(thin_place > place + n_bars, true) then false
    end as is_donoho_rise,  -- within the horizon it rose in one session as few stocks did
    round(price_after * to_exit, 9) as next_price,  -- one bar after the entry
    next_at,  -- the end of that bar; null where it has none
    told_at as known_at,  -- when the exit's price was known
    market,  -- what the market was: a fund, a pair, or median
    round(own_beta, 6) as beta,  -- of its bars to the market's; null, and 1, where history is short
    sigma_frac,  -- of a bar, when the entry was known
    regime,  -- calm, normal or stressed, when the entry was known
    security_id,  -- outlives a ticker: what one series is of
    place,  -- of the entry: counts the bars, as in backtest.closes
    bar_at,  -- the end of the entry's bar
    n_bars  -- of the horizon
from labelled
