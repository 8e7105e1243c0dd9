-- what:    How long each stage of the live process took over the span: its percentiles.
-- grain:   one row per stage that something passed
-- status:  live
-- needs:   0s

with summed as (
    select
        stage,
        sum(n) as n,
        sum(sum_ms) as sum_ms,
        max(max_ms) as max_ms,
        [
            sum(n_1ms), sum(n_5ms), sum(n_10ms), sum(n_25ms), sum(n_50ms), sum(n_100ms),
            sum(n_250ms), sum(n_500ms), sum(n_1000ms), sum(n_2500ms), sum(n_5000ms),
            sum(n_10000ms), sum(n_60000ms)
        ] as counts,
        min(minute_at) as first_minute_at,
        max(minute_at) as last_minute_at
    from raw.latencies
    where not is_gone
    group by stage
),

bounds as (
    select
        stage,
        unnest(counts) as n_within,
        unnest([1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 60_000]) as within_ms
    from summed
),

-- The bound of the first count that holds so many: at most so long, never less.
measured as (
    select
        summed.stage,
        min(case when bounds.n_within >= 0.5 * summed.n then bounds.within_ms end) as p50_ms,
        min(case when bounds.n_within >= 0.95 * summed.n then bounds.within_ms end) as p95_ms,
        min(case when bounds.n_within >= 0.99 * summed.n then bounds.within_ms end) as p99_ms
    from summed
    inner join bounds on summed.stage = bounds.stage
    group by summed.stage
)

select
    summed.stage,  -- received, stored, evaluated, ruled or notified
    cast(summed.n as bigint) as n,  -- how often something passed it
    round(summed.sum_ms / summed.n, 6) as mean_ms,  -- of all of them
    least(coalesce(measured.p50_ms, summed.max_ms), summed.max_ms)
        as p50_ms,  -- half of them took at most so long, to the next bound
    least(coalesce(measured.p95_ms, summed.max_ms), summed.max_ms) as p95_ms,  -- 95 of 100
    least(coalesce(measured.p99_ms, summed.max_ms), summed.max_ms) as p99_ms,  -- 99 of 100
    summed.max_ms,
    round(summed.sum_ms, 6) as sum_ms,
    summed.counts,  -- at most 1, 5, 10, 25, 50, 100, 250 and 500 ms, 1, 2.5, 5, 10 and 60 s
    summed.first_minute_at,  -- the first minute of the span in which something passed
    summed.last_minute_at  -- and the last
from summed
inner join measured on summed.stage = measured.stage
