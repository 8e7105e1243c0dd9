-- what:    Option prints of every feed in dollars, classed, with the quote that stood before each.
-- grain:   one row per print and version, cancels among them; withdrawn_at is null while it
--          stands; opt_trade_class is null where nobody says what the condition means; bid and ask
--          are null without a quote of the minute before
-- status:  live
-- needs:   1m

with params as (
    select interval 60 seconds as max_quote_age  -- an older one may no longer be in force
),

-- Few prints are told twice: only those have to be put in order.
repeated as (
    select
        contract, venue, trade_id
    from raw.option_trades
    group by contract, venue, trade_id
    having count(*) > 1
),

told as (
    select
        prints.*,
        repeated.contract is not null as is_repeated
    from raw.option_trades as prints
    left join repeated
        on
            prints.contract = repeated.contract
            and prints.venue = repeated.venue
            and prints.trade_id = repeated.trade_id
),

replaced as (
    select
        *,
        lead(known_at) over in_order as replaced_at
    from told
    where is_repeated
    window
        in_order as (
            partition by contract, venue, trade_id order by known_at, recorded_at, load_id
        )
    qualify lead(known_at) over in_order is distinct from known_at
),

versions as (
    select * from replaced
    union all
    select
        *,
        cast(null as timestamptz) as replaced_at
    from told
    where not is_repeated
),

classed as (
    select
        versions.*,
        conditions.trade_class as opt_trade_class,
        coalesce(conditions.is_iso, false) as is_iso,
        coalesce(conditions.is_floor, false) as is_floor,
        coalesce(conditions.trade_class = 'cancel', false) as is_cancel
    from versions
    left join curated.conditions as conditions
        on
            versions.source = conditions.source_feed
            and coalesce(versions.condition, '') = conditions.condition
            and conditions.asset = 'option'
            and versions.session_date >= conditions.valid_from
            and coalesce(versions.session_date < conditions.valid_to, true)
    where not versions.is_gone
),

cancels as (
    select
        contract, venue, price, size
    from classed
    where is_cancel
    group by contract, venue, price, size
),

suspected as (
    select
        classed.*,
        cancels.contract is not null as is_suspected
    from classed
    left join cancels
        on
            classed.contract = cancels.contract
            and classed.venue = cancels.venue
            and classed.price = cancels.price
            and classed.size = cancels.size
),

-- A cancel takes the newest equal print that still stands: brackets, matched by their height.
stacked as (
    select
        *,
        sum(case when is_cancel then -1 else 1 end) over same_print
        + case when is_cancel then 1 else 0 end as height
    from suspected
    where is_suspected
    window same_print as (
        partition by contract, venue, price, size order by known_at, sequence, trade_id
    )
),

paired as (
    select
        *,
        case when lead(is_cancel) over same_height then lead(known_at) over same_height end
            as cancelled_at
    from stacked
    window same_height as (
        partition by contract, venue, price, size, height order by known_at, sequence, trade_id
    )
),

standing as (
    select * exclude (height) from paired
    union all
    select
        *,
        cast(null as timestamptz) as cancelled_at
    from suspected
    where not is_suspected
),

quoted as (
    select contract
    from curated.option_quotes
    group by contract
),

named as (
    select
        standing.*,
        venues.venue as venue_name,
        roots.underlying as root_underlying,
        coalesce(standing.multiplier, roots.multiplier, 100) as units,
        -- A digit behind a ticker says that the contract delivers something else than its shares.
        standing.calendar = 'XNYS' and roots.root is null
        and right(standing.root, 1) between '1' and '9' as is_adjusted,
        standing.currency in ('USD', 'USDC', 'USDT') as is_usd,
        standing.bid is null and standing.ask is null and quoted.contract is not null as is_quoted
    from standing
    left join curated.venues as venues
        on
            standing.source = venues.source_feed
            and standing.venue = venues.venue_code
            and venues.asset = 'option'
            and standing.session_date >= venues.valid_from
            and coalesce(standing.session_date < venues.valid_to, true)
    left join curated.option_roots as roots
        on
            standing.root = roots.root
            and standing.calendar = 'XNYS'
            and standing.session_date >= roots.valid_from
            and coalesce(standing.session_date < roots.valid_to, true)
    left join quoted on standing.contract = quoted.contract
),

-- Where the source sends no quote: the one in force strictly before the print.
looked_up as (
    select
        named.*,
        quotes.stood_at + params.max_quote_age >= named.traded_at as is_fresh,
        quotes.bid as bid_before, quotes.ask as ask_before,
        quotes.bid_size as bid_size_before, quotes.ask_size as ask_size_before
    from named
    cross join params
    asof left join curated.option_quotes as quotes
        on named.contract = quotes.contract and named.traded_at > quotes.stood_at
    where named.is_quoted
    union all
    select
        *,
        true as is_fresh,
        bid as bid_before, ask as ask_before,
        bid_size as bid_size_before, ask_size as ask_size_before
    from named
    where not is_quoted
)

select
    known_at,
    traded_at,
    sequence,
    session_date,
    coalesce(venue_name, venue) as venue,
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
        when is_usd then price
        else cast(cast(price as decimal(38, 8)) * underlying_price as decimal(18, 8))
    end as price,  -- USD of one unit of the underlying; null where the coin's price is unknown
    size,  -- contracts
    cast(
        case
            when is_usd then cast(price as decimal(38, 8))
            else cast(cast(price as decimal(38, 8)) * underlying_price as decimal(38, 8))
        end * size * units as decimal(28, 6)
    ) as premium_usd,  -- price, size and multiplier
    case
        when not is_fresh then null
        when is_usd then bid_before
        else cast(cast(bid_before as decimal(38, 8)) * underlying_price as decimal(18, 8))
    end as bid,  -- USD, before the print
    case
        when not is_fresh then null
        when is_usd then ask_before
        else cast(cast(ask_before as decimal(38, 8)) * underlying_price as decimal(18, 8))
    end as ask,  -- USD, before the print
    case when is_fresh then bid_size_before end as bid_size,  -- contracts
    case when is_fresh then ask_size_before end as ask_size,  -- contracts
    side as side_told,  -- by the source itself
    opt_trade_class,  -- regular, auction, cross, floor, multi_leg, stock_tied, late, cancel, …
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
    condition,
    source
from looked_up
