-- what:    What each rule of the literature says of who began a print: the buyer or the seller.
-- grain:   one row per print that is not a cancel; a rule's verdict is null where it has none
-- status:  live
-- keep:    rolling
-- needs:   0s, 1m of curated.option_quotes

with params as (
    select
        interval 60 seconds as max_quote_age  -- an older one may no longer be in force
),

quoted as (
    select contract
    from curated.option_quotes
    group by contract
),

trades as (
    select
        prints.*,
        prints.bid is null and prints.ask is null as is_unquoted,
        quoted.contract is not null as has_quotes
    from curated.option_prints as prints
    left join quoted on prints.contract = quoted.contract
    where prints.opt_trade_class is distinct from 'cancel'
),

-- Where the source sends no quote: the one in force strictly before the print.
looked_up as (
    select
        trades.*,
        case
            when quotes.stood_at + params.max_quote_age >= trades.traded_at then trades.usd_rate
        end as quote_rate,
        quotes.bid as bid_before, quotes.ask as ask_before,
        quotes.bid_size as bid_size_before, quotes.ask_size as ask_size_before
    from trades
    cross join params
    asof left join curated.option_quotes as quotes
        on trades.contract = quotes.contract and trades.traded_at > quotes.stood_at
    where trades.is_unquoted and trades.has_quotes
),

with_quotes as (
    select
        * exclude (
            bid, ask, bid_size, ask_size,
            quote_rate, bid_before, ask_before, bid_size_before, ask_size_before
        ),
        cast(cast(bid_before as decimal(38, 8)) * quote_rate as decimal(18, 8)) as bid,
        cast(cast(ask_before as decimal(38, 8)) * quote_rate as decimal(18, 8)) as ask,
        case when quote_rate is not null then bid_size_before end as bid_size,
        case when quote_rate is not null then ask_size_before end as ask_size
    from looked_up
    union all
    select
        * exclude (bid, ask, bid_size, ask_size),
        bid, ask, bid_size, ask_size
    from trades
    where not (is_unquoted and has_quotes)
),

taped as (
    select
        *,
        coalesce(opt_trade_class in ('regular', 'auction'), false) as is_taped,
        coalesce(bid >= ask, false) as is_crossed,
        2 * price - (bid + ask) as from_mid  -- twice as far as it is; null without both
    from with_quotes
),

ruled as (
    select
        taped.*,
        ticks.tick,
        taped.is_taped and not taped.is_crossed and taped.from_mid is not null as is_quoted,
        10 * (taped.ask - taped.price) <= 3 * (taped.ask - taped.bid)
        and taped.price <= taped.ask as is_upper,
        10 * (taped.price - taped.bid) <= 3 * (taped.ask - taped.bid)
        and taped.price >= taped.bid as is_lower
    from taped
    left join curated.option_ticks as ticks
        on
            taped.contract = ticks.contract
            and taped.venue = ticks.venue
            and taped.trade_id = ticks.trade_id
            and taped.known_at = ticks.known_at
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
    root,
    expiration,
    strike,
    put_call,
    price,
    size,
    premium_usd,  -- price, size and multiplier
    bid,
    ask,
    bid_size,
    ask_size,
    opt_trade_class,  -- regular, auction, cross, floor, multi_leg, ...
    is_iso,  -- sent as an intermarket sweep
    is_floor,  -- traded on a floor
    multiplier,  -- units of the underlying a contract
    is_adjusted,  -- it delivers something else than its root's shares
    underlying_price,
    iv,
    delta,
    block_id,
    condition,
    source,
    side_told,  -- by the source itself
    is_quoted,  -- it has both a bid and an ask that a rule can ask
    is_crossed,  -- bid and ask are locked or crossed: no rule is asked
    case when is_quoted then nullif(sign(from_mid), 0) end
        as side_quote,  -- by the middle of bid and ask
    case when not is_crossed then tick end
        as side_tick,  -- by the last other price of the minute before
    case
        when is_crossed then null
        when is_quoted and from_mid <> 0 then sign(from_mid)
        else tick
    end as side_lee_ready,  -- by the quote, at the middle by the tick; Lee and Ready 1991
    case
        when is_crossed then null
        when is_quoted and price = ask then 1
        when is_quoted and price = bid then -1
        else tick
    end as side_emo,  -- at the quotes by them, else by the tick; Ellis, Michaely and O'Hara 2000
    case
        when is_crossed then null
        when is_quoted and is_upper then 1
        when is_quoted and is_lower then -1
        else tick
    end as side_clnv,  -- by the outer 30 % of the spread; Chakrabarty and others 2007
    case
        when not is_taped or bid_size = ask_size then null
        when size = bid_size then 1
        when size = ask_size then -1
    end as side_size,  -- of exactly what was shown: a customer's order was filled
    case
        when not is_quoted or from_mid <> 0 then null
        when ask_size > bid_size then 1
        when ask_size < bid_size then -1
    end as side_depth  -- at the middle, towards the smaller queue's other side
from ruled
