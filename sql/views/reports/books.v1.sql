-- what:    Where each order book stands, and in words how far it can be trusted.
-- grain:   one row per venue and pair with a message or a gap in the span, those in sync first
-- status:  live
-- needs:   0s

with params as (
    select
        15 as max_silent_s,  -- three times rule book B1, for what is on its way
        3_600 as warm_s  -- what is usual is told of whole hours; before one nothing is compared
),

lasts as (
    select
        venue, pair,
        max(bar_at) as bar_at,
        arg_max(struct_pack(mid := mid, obi := obi, spread_bps := spread_bps), bar_at) as last_bar,
        arg_min(struct_pack(mid := mid), bar_at) as first_bar
    from features.book_bars
    group by venue, pair
),

measured as (
    select
        health.*,
        lasts.last_bar.mid, lasts.last_bar.obi, lasts.last_bar.spread_bps,
        round(10_000 * (lasts.last_bar.mid / nullif(lasts.first_bar.mid, 0) - 1), 6) as move_bps,
        round((epoch_us(clock.until) - epoch_us(health.last_message_at)) / 1e6, 3) as silent_s,
        round(
            (epoch_us(health.last_message_at) - epoch_us(health.first_message_at)) / 1e6, 3
        ) as heard_s,
        epoch_us(clock.until) - epoch_us(clock.since) > 1e6 * params.warm_s as is_long_enough,
        params.max_silent_s, params.warm_s
    from reports.book_health as health
    cross join params
    cross join ops.clock as clock
    left join lasts on health.venue = lasts.venue and health.pair = lasts.pair
),

judged as (
    select
        *,
        case
            when last_message_at is null then 'unheard'
            when not is_in_sync then 'out of sync'
            when silent_s > max_silent_s then 'stale'
            when is_long_enough and heard_s < warm_s then 'warming up'
            else 'in sync'
        end as book_state
    from measured
)

select
    venue,
    pair,
    venue || ':' || pair as entity,  -- venue:pair, as alerts name it
    row_number() over (
        order by
            case when book_state in ('in sync', 'warming up') then 0 else 1 end, venue, pair
    ) as place,  -- 1 is shown where nobody has chosen; those in sync come first
    mid,  -- quote currency, of the last second in sync
    move_bps,  -- of mid since the first second of the span
    spread_bps,
    obi as imbalance,  -- -1 only asks, 1 only bids, of the best five levels
    book_state,  -- in sync, warming up, stale, out of sync or unheard
    case book_state
        when 'in sync' then 'in sync'
        when 'warming up'
            then
                'warming up: heard for ' || cast(heard_s // 60 as bigint)
                || ' min; what is large is known after an hour'
        when 'stale'
            then
                'stale: nothing has come for '
                || case
                    when silent_s < 120 then cast(cast(silent_s as bigint) as text) || ' s'
                    when silent_s < 7_200 then cast(silent_s // 60 as bigint) || ' min'
                    else cast(silent_s // 3_600 as bigint) || ' h'
                end
                || '; prices are of then'
        when 'out of sync' then 'out of sync: a gap lasts; wait for the next snapshot'
        else 'unheard: a gap, and no message since'
    end as book_words,  -- the same as a sentence, with since when
    last_message_at,  -- receive time
    silent_s,  -- seconds since, up to the span's end
    in_sync_frac,  -- share of the time heard outside of gaps, 0 to 1
    n_gaps,
    n_messages,
    messages_per_s,
    lag_p50_ms,  -- receive behind exchange time
    lag_p95_ms
from judged
order by place
