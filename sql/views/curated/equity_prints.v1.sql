-- what:    Prints of stocks with what their sale conditions mean, and when each was withdrawn.
-- grain:   one row per print and version; withdrawn_at is null while it stands; two feeds that tell
--          the same day of a stock tell each print twice
-- status:  live
-- shared:  never
-- needs:   0s

with params as (
    select
        interval 10 seconds as max_timely_delay  -- FINRA's rule in market hours; later is late
),

-- What one load tells it tells once, so only prints of several loads can be told again.
told_often as (
    select
        session_date, symbol
    from raw.equity_trades
    group by session_date, symbol
    having min(load_id) <> max(load_id)
),

repeated as (
    select
        prints.session_date, prints.symbol, prints.venue, prints.trade_id
    from raw.equity_trades as prints
    inner join told_often
        on prints.session_date = told_often.session_date and prints.symbol = told_often.symbol
    group by prints.session_date, prints.symbol, prints.venue, prints.trade_id
    having count(*) > 1
),

versions as (
    select
        prints.*,
        lead(prints.known_at) over in_order as replaced_at
    from raw.equity_trades as prints
    inner join repeated
        on
            prints.session_date = repeated.session_date
            and prints.symbol = repeated.symbol
            and prints.venue = repeated.venue
            and prints.trade_id = repeated.trade_id
    window
        in_order as (
            partition by prints.session_date, prints.symbol, prints.venue, prints.trade_id
            order by prints.known_at, prints.recorded_at, prints.load_id
        )
    qualify lead(prints.known_at) over in_order is distinct from prints.known_at
),

-- What is told once is read where it lies, so that who wants a few prints reads a few.
standing as (
    select * from versions
    where not is_gone
    union all
    select
        prints.*,
        cast(null as timestamptz) as replaced_at
    from raw.equity_trades as prints
    left join repeated
        on
            prints.session_date = repeated.session_date
            and prints.symbol = repeated.symbol
            and prints.venue = repeated.venue
            and prints.trade_id = repeated.trade_id
    where repeated.symbol is null and not prints.is_gone
),

-- Few ways to be conditioned are met, each many times.
met as (
    select
        source, tape, session_date,
        coalesce(conditions, '') as codes
    from raw.equity_trades
    group by source, tape, session_date, coalesce(conditions, '')
),

-- The higher, the stricter; the strictest gives a print its class.
strictness as (
    select
        classes.trade_class, classes.strictness
    from (
        values
        ('regular', 0), ('odd_lot', 1), ('auction', 2), ('cross', 3), ('price_variation', 4),
        ('settlement', 5), ('extended', 6), ('average', 7), ('prior_price', 8), ('derivative', 9),
        ('contingent', 10), ('late', 11), ('suspicious', 12), ('corrected', 13), ('official', 14),
        ('cancel', 15)
    ) as classes (trade_class, strictness)
),

-- Where a print has no tape, a letter means all that it means on any.
classed as (
    select
        met.source, met.tape, met.session_date, met.codes,
        count(distinct conditions.condition)
        < len(list_distinct(string_split(met.codes, ','))) as has_unknown_code,
        min(case when not conditions.counts_volume then 0 else 1 end) = 1 as counts_volume,
        min(case when not conditions.is_price_informative then 0 else 1 end) = 1
            as is_informative,
        coalesce(max(case when conditions.trade_class = 'auction' then 1 end), 0) = 1
            as is_auction,
        coalesce(max(case when conditions.trade_class = 'late' then 1 end), 0) = 1 as is_sold_late,
        coalesce(max(case when conditions.is_iso then 1 end), 0) = 1 as is_iso,
        arg_max(
            conditions.trade_class,
            struct_pack(n := strictness.strictness, class := conditions.trade_class)
        ) as trade_class
    from met
    left join curated.conditions as conditions
        on
            met.source = conditions.source_feed
            and conditions.asset = 'equity'
            and list_contains(string_split(met.codes, ','), conditions.condition)
            and (conditions.tape = 'any' or coalesce(met.tape = conditions.tape, true))
            and met.session_date >= conditions.valid_from
            and coalesce(met.session_date < conditions.valid_to, true)
    left join strictness on conditions.trade_class = strictness.trade_class
    group by met.source, met.tape, met.session_date, met.codes
)

select
    prints.known_at,
    prints.traded_at,  -- when it was executed, as reported
    prints.sequence,
    prints.session_date,
    prints.symbol,
    coalesce(venues.venue, prints.venue) as venue,  -- FINRA, NYSE, ...; an unknown code as it is
    prints.trade_id,
    prints.price,  -- USD a share
    prints.size,  -- shares
    prints.conditions,  -- the source's codes
    classed.trade_class,  -- of the strictest code: regular, auction, average, contingent, ...
    venues.venue = 'FINRA' as is_offex,  -- executed off exchange; null where the venue is unknown
    coalesce(classed.is_sold_late, false)
    or prints.known_at > prints.traded_at + params.max_timely_delay
        as is_late,  -- a code says so, or it was published over 10 s after it was executed
    -- In doubles, which below a billion are exact to the millionth and much faster.
    cast(cast(prints.price as double) * cast(prints.size as double) as decimal(28, 6))
        as value_usd,  -- price and size
    coalesce(classed.counts_volume, true) as counts_volume,  -- its size is of the day's volume
    case
        when not classed.is_informative then false
        when not classed.has_unknown_code then true
    end as is_price_informative,  -- its price was made then and there; null where nobody says
    coalesce(classed.is_auction, false) as is_auction,  -- of an opening, reopening or closing
    coalesce(classed.is_iso, false) as is_iso,  -- sent as an intermarket sweep
    coalesce(
        prints.traded_at >= sessions.opens_at and prints.traded_at < sessions.closes_at, false
    ) as is_regular_hours,  -- executed while the session was open
    round(cast(epoch_us(prints.known_at) - epoch_us(prints.traded_at) as double) / 1_000_000, 6)
        as report_delay_s,  -- seconds from execution to publication
    coalesce(classed.has_unknown_code, true) as has_unknown_code,  -- of a meaning nobody told
    sessions.closes_at,  -- of its session
    prints.facility,
    prints.tape,
    prints.replaced_at as withdrawn_at,  -- when another version of it became known
    prints.source
from standing as prints
cross join params
left join classed
    on
        prints.source = classed.source
        and prints.tape is not distinct from classed.tape
        and prints.session_date = classed.session_date
        and coalesce(prints.conditions, '') = classed.codes
left join curated.venues as venues
    on
        prints.source = venues.source_feed
        and prints.venue = venues.venue_code
        and venues.asset = 'equity'
        and prints.session_date >= venues.valid_from
        and coalesce(prints.session_date < venues.valid_to, true)
left join curated.us_sessions as sessions on prints.session_date = sessions.session_date
