-- what:    Prints of stocks beside the national best quote that stood before them, with who began
--          each and how sure that is.
-- grain:   one row per print and version; withdrawn_at is null while it stands; bid and ask are
--          null where none was told in the minute before, or the print came over a minute late;
--          side is null at the middle, and where price or quote say little
-- status:  live
-- keep:    tick
-- needs:   0s, 2m of curated.equity_quotes

with params as (
    select
        interval 60 seconds as max_quote_age,  -- an older one may no longer be in force
        interval 60 seconds as max_quote_delay,  -- of a print; `needs` covers both together
        1 as max_side_age_s,  -- rule book C3; since the quote's last change
        50 as max_side_spread_bps,  -- rule book C3; in a wide one the middle says little
        0.2 as min_side_pos,  -- rule book C3; of half the spread, from the middle
        0.8 as prob_at_quote,  -- at or outside the quotes; as of options, a guess
        0.65 as prob_inside  -- near the 63 % that studies measure
),

-- A print that came too late to be beside a quote asks for one of before there were any.
asked as (
    select
        prints.*,
        params.max_quote_age,
        case
            when prints.known_at <= prints.traded_at + params.max_quote_delay
                then least(prints.traded_at, prints.known_at)
            else timestamptz '1970-01-01 00:00:00+00'
        end as asked_at
    from curated.equity_prints as prints
    cross join params
),

looked_up as (
    select
        asked.*,
        case when quotes.quoted_at >= asked.asked_at - asked.max_quote_age then quotes.quoted_at end
            as quoted_at,
        quotes.bid as bid_before,
        quotes.ask as ask_before
    from asked
    asof left join curated.equity_quotes as quotes
        on asked.symbol = quotes.symbol and asked.asked_at > quotes.quoted_at
),

quoted as (
    select
        * exclude (bid_before, ask_before),
        case when quoted_at is not null then bid_before end as bid,
        case when quoted_at is not null then ask_before end as ask,
        round(cast(epoch_us(traded_at) - epoch_us(quoted_at) as double) / 1_000_000, 6)
            as quote_age_s
    from looked_up
),

-- Twice as far from the middle as it is, so that nothing is halved; a locked market has no sides.
measured as (
    select
        *,
        2 * price - (bid + ask) as from_mid,
        case when bid <= ask then bid + ask end as twice_mid,
        case when bid < ask then ask - bid end as spread
    from quoted
),

placed as (
    select
        * exclude (from_mid, twice_mid, spread),
        case
            when spread is null then null
            when price > ask then 'above_ask'
            when price = ask then 'at_ask'
            when price < bid then 'below_bid'
            when price = bid then 'at_bid'
            when from_mid > 0 then 'upper'
            when from_mid < 0 then 'lower'
            else 'mid'
        end as price_bucket,
        round(10_000 * cast(from_mid as double) / cast(twice_mid as double), 6) as prem_bps,
        round(cast(from_mid as double) / cast(spread as double), 6) as eff_pos,
        round(20_000 * cast(spread as double) / cast(twice_mid as double), 6) as spread_bps,
        case
            when is_offex and price >= 1
                then cast(
                    cast(round(cast(price as double) * 1_000_000) as bigint) % 10_000 as double
                ) / 10_000
        end as cent_frac
    from measured
),

sided as (
    select
        placed.*,
        params.prob_at_quote, params.prob_inside,
        case
            when
                placed.is_price_informative and not placed.is_auction
                and abs(placed.eff_pos) >= params.min_side_pos
                and placed.spread_bps <= params.max_side_spread_bps
                and placed.quote_age_s <= params.max_side_age_s
                then cast(sign(placed.eff_pos) as bigint)
        end as side
    from placed
    cross join params
)

select
    known_at,
    traded_at,  -- when it was executed, as reported
    sequence,
    session_date,
    symbol,
    venue,  -- FINRA, NYSE, NASDAQ, ...
    price,  -- USD a share
    size,  -- shares
    conditions,  -- the source's codes
    side,  -- 1 buyer-initiated, -1 seller-initiated
    case
        when side is null then null
        when price_bucket in ('above_ask', 'at_ask', 'at_bid', 'below_bid') then prob_at_quote
        else prob_inside
    end as side_prob,  -- that the side is right, 0.5 to 1
    is_offex,  -- executed off exchange
    is_late,  -- a code says so, or it was published over 10 s after it was executed
    bid,  -- USD, before the print
    ask,  -- USD, before the print
    value_usd,  -- price and size
    counts_volume,  -- its size is of the day's volume
    is_price_informative,  -- its price was made then and there; null where nobody says
    is_auction,  -- of an opening, reopening or closing
    is_regular_hours,  -- executed while the session was open
    price_bucket,  -- where it lies between bid and ask; null where they are locked or crossed
    prem_bps,  -- over the middle of bid and ask
    quote_age_s,  -- seconds since the quote last changed; over 1 its premium may be stale
    report_delay_s,  -- seconds from execution to publication
    facility,  -- who was told of it off exchange: FINN, FINC, FINY or XADF
    tape,
    withdrawn_at,  -- when another version of it became known
    source,
    trade_id,
    trade_class,  -- of the strictest code: regular, auction, average, contingent, late, ...
    is_iso,  -- sent as an intermarket sweep
    eff_pos,  -- -1 at the bid, 1 at the ask
    spread_bps,  -- between bid and ask, of the middle
    price_bucket = 'mid' as is_midpoint,  -- exactly between bid and ask
    case
        when cent_frac > 0 and cent_frac < 0.4 then -1
        when cent_frac > 0.6 then 1
    end as retail_side,  -- what fractions of a cent say of a wholesaler's customer, off exchange
    has_unknown_code,  -- of a meaning nobody told
    closes_at  -- of its session
from sided
