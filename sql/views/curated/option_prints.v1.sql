-- what:    Option prints of every feed in dollars, classed, with the moment each was withdrawn.
-- grain:   one row per print and version, cancels among them; withdrawn_at is null while it
--          stands; opt_trade_class is null where nobody says what the condition means
-- status:  live
-- shared:  never
-- needs:   0s

with standing as (
    select
        prints.known_at, prints.traded_at, prints.sequence, prints.calendar, prints.session_date,
        prints.venue, prints.trade_id, prints.contract, prints.root, prints.expiration,
        prints.strike, prints.put_call, prints.price, prints.size, prints.currency,
        prints.multiplier, prints.bid, prints.ask, prints.bid_size, prints.ask_size, prints.side,
        prints.underlying_price, prints.iv, prints.delta, prints.block_id, prints.condition,
        prints.source,
        cast(null as timestamptz) as withdrawn_at,
        false as is_unmatched
    from raw.option_trades as prints
    left join curated.touched_option_prints as touched
        on
            prints.contract = touched.contract
            and prints.venue = touched.venue
            and prints.trade_id = touched.trade_id
    where touched.contract is null and not prints.is_gone
    union all
    select
        known_at, traded_at, sequence, calendar, session_date, venue, trade_id, contract, root,
        expiration, strike, put_call, price, size, currency, multiplier, bid, ask, bid_size,
        ask_size, side, underlying_price, iv, delta, block_id, condition, source,
        withdrawn_at, is_unmatched
    from curated.touched_option_prints
    where is_told
),

named as (
    select
        prints.*,
        conditions.trade_class as opt_trade_class,
        coalesce(conditions.is_iso, false) as is_iso,
        coalesce(conditions.is_floor, false) as is_floor,
        coalesce(venues.venue, prints.venue) as venue_name,
        roots.underlying as root_underlying,
        coalesce(prints.multiplier, roots.multiplier, 100) as units,
        -- A digit behind a ticker says that the contract delivers something else than its shares.
        prints.calendar = 'XNYS' and roots.root is null
        and right(prints.root, 1) between '1' and '9' as is_adjusted,
        case
            when prints.currency in ('USD', 'USDC', 'USDT') then cast(1 as decimal(18, 8))
            else prints.underlying_price
        end as usd_rate
    from standing as prints
    left join curated.conditions as conditions
        on
            prints.source = conditions.source_feed
            and coalesce(prints.condition, '') = conditions.condition
            and conditions.asset = 'option'
            and prints.session_date >= conditions.valid_from
            and coalesce(prints.session_date < conditions.valid_to, true)
    left join curated.venues as venues
        on
            prints.source = venues.source_feed
            and prints.venue = venues.venue_code
            and venues.asset = 'option'
            and prints.session_date >= venues.valid_from
            and coalesce(prints.session_date < venues.valid_to, true)
    left join curated.option_roots as roots
        on
            prints.root = roots.root
            and prints.calendar = 'XNYS'
            and prints.session_date >= roots.valid_from
            and coalesce(prints.session_date < roots.valid_to, true)
)

select
    known_at,
    traded_at,
    sequence,
    calendar,
    session_date,
    venue_name as venue,
    trade_id,
    coalesce(
        root_underlying, case when is_adjusted then left(root, length(root) - 1) else root end
    ) as underlying,  -- the ticker; of a coin venue:BASE-QUOTE
    contract,
    root,
    expiration,
    strike,
    put_call,
    case
        when usd_rate = 1 then price
        else cast(cast(price as decimal(38, 8)) * usd_rate as decimal(18, 8))
    end as price,  -- USD of one unit of the underlying; null where the coin's price is unknown
    size,  -- contracts
    -- In doubles, which below a billion are exact to the millionth and twenty times as fast.
    cast(
        cast(
            case
                when usd_rate = 1 then price
                else cast(cast(price as decimal(38, 8)) * usd_rate as decimal(18, 8))
            end as double
        ) * cast(size as double) * cast(units as double) as decimal(28, 6)
    ) as premium_usd,  -- price, size and multiplier
    case
        when usd_rate = 1 then bid
        else cast(cast(bid as decimal(38, 8)) * usd_rate as decimal(18, 8))
    end as bid,  -- USD, before the print, where the source sends it
    case
        when usd_rate = 1 then ask
        else cast(cast(ask as decimal(38, 8)) * usd_rate as decimal(18, 8))
    end as ask,  -- USD, before the print, where the source sends it
    bid_size,
    ask_size,
    side as side_told,  -- by the source itself
    opt_trade_class,  -- regular, auction, cross, floor, multi_leg, stock_tied, late, cancel, ...
    is_iso,  -- sent as an intermarket sweep
    is_floor,  -- traded on a floor
    units as multiplier,  -- units of the underlying a contract
    is_adjusted,  -- it delivers something else than its root's shares
    underlying_price,
    iv,
    delta,
    block_id,
    withdrawn_at,  -- when a cancel or another version became known
    is_unmatched,  -- a cancel of which no print stands
    usd_rate,  -- USD for one of its currency
    condition,
    source
from named
