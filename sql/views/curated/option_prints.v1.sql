-- what:    Option prints of every feed in dollars, classed, with the moment each was withdrawn.
-- grain:   one row per print and version, cancels among them; withdrawn_at is null while it
--          stands; opt_trade_class is null where nobody says what the condition means
-- status:  live
-- needs:   0s

-- Few prints are told twice, and few are cancelled: only those have to be put in order.
with repeated as (
    select
        contract, venue, trade_id
    from raw.option_trades
    group by contract, venue, trade_id
    having count(*) > 1
),

cancels as (
    select
        prints.contract, prints.venue, prints.price, prints.size
    from raw.option_trades as prints
    inner join curated.conditions as conditions
        on
            prints.source = conditions.source_feed
            and coalesce(prints.condition, '') = conditions.condition
            and conditions.asset = 'option'
            and prints.session_date >= conditions.valid_from
            and coalesce(prints.session_date < conditions.valid_to, true)
    where conditions.trade_class = 'cancel'
    group by prints.contract, prints.venue, prints.price, prints.size
),

told as (
    select
        prints.*,
        repeated.contract is not null or cancels.contract is not null as is_touched
    from raw.option_trades as prints
    left join repeated
        on
            prints.contract = repeated.contract
            and prints.venue = repeated.venue
            and prints.trade_id = repeated.trade_id
    left join cancels
        on
            prints.contract = cancels.contract
            and prints.venue = cancels.venue
            and prints.price = cancels.price
            and prints.size = cancels.size
),

versions as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from told
    where is_touched
    window
        in_order as (
            partition by contract, venue, trade_id order by known_at, recorded_at, load_id
        )
    qualify lead(known_at) over in_order is distinct from known_at
),

weighed as (
    select
        prints.*,
        coalesce(conditions.trade_class = 'cancel', false) as is_cancel
    from versions as prints
    left join curated.conditions as conditions
        on
            prints.source = conditions.source_feed
            and coalesce(prints.condition, '') = conditions.condition
            and conditions.asset = 'option'
            and prints.session_date >= conditions.valid_from
            and coalesce(prints.session_date < conditions.valid_to, true)
    where not prints.is_gone
),

-- A cancel takes the newest equal print that still stands: brackets, matched by their height.
stacked as (
    select
        *,
        sum(case when is_cancel then -1 else 1 end) over same_print
        + case when is_cancel then 1 else 0 end as height
    from weighed
    window same_print as (
        partition by contract, venue, price, size order by known_at, sequence, trade_id
    )
),

paired as (
    select
        *,
        case when lead(is_cancel) over same_height then lead(known_at) over same_height end
            as cancelled_at,
        is_cancel and coalesce(lag(is_cancel) over same_height, true) as is_unmatched
    from stacked
    window same_height as (
        partition by contract, venue, price, size, height order by known_at, sequence, trade_id
    )
),

standing as (
    select * exclude (is_cancel, height) from paired
    union all
    select
        *,
        cast(null as timestamptz) as replaced_at,
        cast(null as timestamptz) as cancelled_at,
        false as is_unmatched
    from told
    where not is_touched and not is_gone
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
    case
        when replaced_at is null then cancelled_at
        when cancelled_at is null then replaced_at
        else least(replaced_at, cancelled_at)
    end as withdrawn_at,  -- when a cancel or another version became known
    is_unmatched,  -- a cancel of which no print stands
    usd_rate,  -- USD for one of its currency
    condition,
    source
from named
