-- what:    Option trades of every feed, in dollars, with who began each and how sure that is.
-- grain:   one row per trade and version; withdrawn_at is null while it stands; side is null where
--          nothing but chance would say it
-- status:  live
-- needs:   0s

with params as (
    select
        'lee_ready' as side_rule,  -- or quote, tick, emo, clnv, stack; with one quote
        0.8 as prob_at_quote,  -- at or outside the quotes; rule book A2, a guess
        0.65 as prob_inside,  -- near the 63 % that studies measure
        0.55 as prob_by_tick  -- hardly better than a coin; rule book A2, a guess
),

ruled as (
    select
        sides.*,
        touched.withdrawn_at,
        params.prob_at_quote, params.prob_inside, params.prob_by_tick,
        case params.side_rule
            when 'quote' then sides.side_quote
            when 'tick' then sides.side_tick
            when 'emo' then sides.side_emo
            when 'clnv' then sides.side_clnv
            when 'stack'
                then coalesce(
                    sides.side_size, sides.side_quote, sides.side_depth, sides.side_tick
                )
            else sides.side_lee_ready
        end as side_ruled,
        case
            when not sides.is_quoted then null
            when sides.price > sides.ask then 'above_ask'
            when sides.price = sides.ask then 'at_ask'
            when sides.price < sides.bid then 'below_bid'
            when sides.price = sides.bid then 'at_bid'
            when 2 * sides.price > sides.bid + sides.ask then 'upper'
            when 2 * sides.price < sides.bid + sides.ask then 'lower'
            else 'mid'
        end as price_bucket
    from curated.option_sides as sides
    cross join params
    left join curated.touched_option_prints as touched
        on
            sides.contract = touched.contract
            and sides.venue = touched.venue_name
            and sides.trade_id = touched.trade_id
            and sides.known_at = touched.known_at
            and touched.is_told
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
    coalesce(side_told, side_ruled) as side,  -- 1 buyer-initiated, -1 seller-initiated
    case
        when side_told is not null then 1.0
        when side_ruled is null then null
        when price_bucket in ('above_ask', 'at_ask', 'at_bid', 'below_bid') then prob_at_quote
        when price_bucket in ('upper', 'lower') then prob_inside
        else prob_by_tick
    end as side_prob,  -- that the side is right, 0.5 to 1
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
    source
from ruled
