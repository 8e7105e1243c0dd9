-- what:    Option prints that are no longer what they were at first: told again, or cancelled.
-- grain:   one row per print as a source told it, cancels among them; of prints that are equal but
--          for their ids, and of which some were cancelled, all; is_told is false where nothing of
--          it is left: taken back, or told once more in the same moment
-- status:  live
-- keep:    tick
-- needs:   0s

with cancels as (
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

repeated as (
    select
        contract, venue, trade_id
    from raw.option_trades
    group by contract, venue, trade_id
    having count(*) > 1
),

-- Few prints are told twice, and few are cancelled: only those have to be put in order.
versions as (
    select
        prints.*,
        lead(prints.known_at) over in_order as replaced_at
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
    where repeated.contract is not null or cancels.contract is not null
    window
        in_order as (
            partition by prints.contract, prints.venue, prints.trade_id
            order by prints.known_at, prints.recorded_at, prints.load_id
        )
),

weighed as (
    select
        prints.*,
        coalesce(prints.replaced_at <> prints.known_at, true) and not prints.is_gone as is_told,
        coalesce(venues.venue, prints.venue) as venue_name,
        coalesce(conditions.trade_class = 'cancel', false) as is_cancel
    from versions as prints
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
),

-- A cancel takes the newest equal print that still stands: brackets, matched by their height.
stacked as (
    select
        *,
        sum(case when is_cancel then -1 else 1 end) over same_print
        + case when is_cancel then 1 else 0 end as height
    from weighed
    window same_print as (
        partition by contract, venue, price, size, is_told order by known_at, sequence, trade_id
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
        partition by contract, venue, price, size, is_told, height
        order by known_at, sequence, trade_id
    )
)

select
    known_at,
    traded_at,
    sequence,
    calendar,
    session_date,
    venue,  -- by the source's own code
    trade_id,
    contract,
    root,
    expiration,
    strike,
    put_call,
    price,
    size,
    currency,
    multiplier,
    bid,
    ask,
    bid_size,
    ask_size,
    side,
    underlying_price,
    iv,
    delta,
    block_id,
    condition,
    source,
    venue_name,  -- by its own name, where the source's code has one
    is_told,  -- it was said, and not taken back or told once more in the same moment
    case
        when replaced_at is null then cancelled_at
        when cancelled_at is null then replaced_at
        else least(replaced_at, cancelled_at)
    end as withdrawn_at,  -- when a cancel or another version became known
    is_unmatched  -- a cancel of which no print stands
from paired
