-- what:    How good each pair's order book is: in sync, gaps, messages and how late they come.
-- grain:   one row per venue and pair with a message or a gap in the span
-- status:  live
-- needs:   0s, 1d of ops.feed_gaps

with params as (
    select
        interval 1 minute as max_delay  -- as in features.book_bars: later ones correct a capture
),

messages as (
    select
        tops.*,
        clock.since,
        coalesce(tops.known_at > tops.exchange_at + params.max_delay, false) as is_late,
        (epoch_us(tops.known_at) - epoch_us(tops.exchange_at)) / 1000.0 as lag_ms
    from curated.book_tops as tops
    cross join params
    inner join ops.clock as clock
        on tops.known_at >= clock.since and tops.known_at < clock.until
),

heard as (
    select
        venue, pair,
        min(known_at) as first_message_at,
        max(known_at) as last_message_at,
        count(*) as n_messages,
        median(lag_ms) as lag_p50_ms,
        quantile_disc(lag_ms, 0.95) as lag_p95_ms,
        sum(
            case
                when coalesce(best_bid < best_ask and bid_size > 0 and ask_size > 0, false) then 0
                else 1
            end
        ) as n_crossed
    from messages
    where not is_late
    group by venue, pair
),

late as (
    select
        venue, pair,
        count(*) as n_late
    from messages
    where is_late
    group by venue, pair
),

gaps as (
    select
        gaps.venue, gaps.pair, gaps.reason, gaps.n_dropped,
        gaps.ended_at is null as is_open,
        greatest(gaps.began_at, clock.since) as began_at,
        gaps.ended_at,
        gaps.known_at
    from ops.feed_gaps as gaps
    inner join ops.clock as clock
        on
            gaps.known_at < clock.until
            and (gaps.ended_at is null or gaps.ended_at > clock.since)
    where gaps.channel = 'book'
),

pairs as (
    select
        venue, pair
    from heard
    union
    select
        venue, pair
    from gaps
    where pair <> 'all'
),

-- A gap of all of a stream is one of each of its pairs.
shared as (
    select
        pairs.venue, pairs.pair,
        gaps.reason, gaps.n_dropped, gaps.is_open, gaps.began_at, gaps.ended_at, gaps.known_at
    from pairs
    inner join gaps on pairs.venue = gaps.venue and (pairs.pair = gaps.pair or gaps.pair = 'all')
),

-- Whoever stops listening leaves a gap open; it is over when messages follow.
missing as (
    select
        shared.venue, shared.pair, shared.reason, shared.n_dropped, shared.began_at,
        shared.known_at,
        shared.is_open and messages.known_at is null as is_open,
        coalesce(shared.ended_at, messages.known_at) as ended_at
    from shared
    asof left join messages
        on
            shared.venue = messages.venue
            and shared.pair = messages.pair
            and shared.known_at < messages.known_at
),

edges as (
    select
        venue, pair,
        min(began_at) as began_at,
        max(greatest(began_at, coalesce(ended_at, known_at))) as ended_at
    from missing
    group by venue, pair
),

spans as (
    select
        pairs.venue, pairs.pair,
        least(heard.first_message_at, edges.began_at) as began_at,
        greatest(heard.last_message_at, edges.ended_at) as ended_at
    from pairs
    left join heard on pairs.venue = heard.venue and pairs.pair = heard.pair
    left join edges on pairs.venue = edges.venue and pairs.pair = edges.pair
),

-- One that lasts goes to the end of what is known of the pair.
clipped as (
    select
        missing.venue, missing.pair, missing.reason, missing.n_dropped, missing.is_open,
        missing.began_at,
        coalesce(missing.ended_at, spans.ended_at) as ended_at
    from missing
    inner join spans on missing.venue = spans.venue and missing.pair = spans.pair
),

-- Gaps may overlap; what an earlier one has missed is not missed again.
apart as (
    select
        *,
        greatest(began_at, max(ended_at) over before_it) as counts_from
    from clipped
    window
        before_it as (
            partition by venue, pair order by began_at, ended_at, reason, n_dropped
            rows between unbounded preceding and 1 preceding
        )
),

lost as (
    select
        venue, pair,
        count(*) as n_gaps,
        max(case when is_open then 1 else 0 end) = 1 as is_open,
        sum(greatest(0, epoch_us(ended_at) - epoch_us(counts_from))) as lost_us,
        max(epoch_us(ended_at) - epoch_us(began_at)) as longest_us,
        sum(n_dropped) as n_dropped
    from apart
    group by venue, pair
),

by_reason as (
    select
        venue, pair, reason,
        count(*) as n_gaps
    from apart
    group by venue, pair, reason
),

reasons as (
    select
        venue, pair,
        list_sort(list(reason || ' ' || n_gaps)) as reasons
    from by_reason
    group by venue, pair
),

measured as (
    select
        spans.*,
        heard.first_message_at, heard.last_message_at, heard.lag_p50_ms, heard.lag_p95_ms,
        coalesce(heard.n_messages, 0) as n_messages,
        coalesce(heard.n_crossed, 0) as n_crossed,
        coalesce(late.n_late, 0) as n_late,
        coalesce(lost.n_gaps, 0) as n_gaps,
        coalesce(lost.n_dropped, 0) as n_dropped,
        coalesce(lost.is_open, false) as is_open,
        lost.longest_us,
        reasons.reasons,
        epoch_us(spans.ended_at) - epoch_us(spans.began_at) as span_us,
        coalesce(lost.lost_us, 0) as lost_us
    from spans
    left join heard on spans.venue = heard.venue and spans.pair = heard.pair
    left join late on spans.venue = late.venue and spans.pair = late.pair
    left join lost on spans.venue = lost.venue and spans.pair = lost.pair
    left join reasons on spans.venue = reasons.venue and spans.pair = reasons.pair
)

select
    measured.venue,
    measured.pair,
    measured.first_message_at,  -- receive time; null where no message came
    measured.last_message_at,  -- receive time of the last message that a book in sync took
    round(measured.span_us / 1e6, 6)
        as span_s,  -- seconds from the first message or gap to the last, or to the last gap's end
    round(1 - cast(measured.lost_us as double) / nullif(measured.span_us, 0), 9)
        as in_sync_frac,  -- share of span_s outside of gaps, 0 to 1
    not measured.is_open as is_in_sync,  -- no gap lasts, as far as is known
    measured.n_gaps,  -- of the book; one of all of a stream is one of each pair
    round(coalesce(measured.longest_us, 0) / 1e6, 6)
        as longest_gap_s,  -- the part within the question's span; one that lasts counts to its end
    coalesce(measured.reasons, []) as reasons,  -- each reason and how many gaps have it
    cast(measured.n_dropped as bigint) as n_dropped,  -- messages that no proven book could take
    measured.n_messages,  -- messages that changed a book in sync
    round(
        measured.n_messages / nullif((measured.span_us - measured.lost_us) / 1e6, 0), 6
    ) as messages_per_s,  -- in each second in sync
    round(measured.lag_p50_ms, 3)
        as lag_p50_ms,  -- receive behind exchange time; below 0 where a recorder's clock is behind
    round(measured.lag_p95_ms, 3)
        as lag_p95_ms,  -- 95 of 100 are below it; it is as wrong as the recorder's clock
    case when measured.lag_p50_ms < 0 then round(-measured.lag_p50_ms, 3) end
        as clock_behind_ms,  -- a recorder's clock, at least; null where nothing shows it is behind
    cast(measured.n_crossed as bigint)
        as n_crossed,  -- tops crossed or empty; 0, as a book that crosses is a gap
    measured.n_late  -- messages told over a minute late, which count nowhere else
from measured
