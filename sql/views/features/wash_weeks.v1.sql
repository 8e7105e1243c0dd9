-- what:    Four tests on a week's trades of a pair that made-up volume fails.
-- grain:   one row per venue, pair and week from Monday 00:00 UTC; a test is null where the week
--          has too few trades for it, and Benford's where sizes span less than two decades
-- status:  live
-- needs:   7d

with params as (
    select
        10_000 as min_trades,  -- rule book B10
        15.507 as max_chi_square,  -- rule book B10: 5 % with 8 degrees of freedom
        0.015 as max_mad,  -- rule book B10; of many trades the chi-square always fails
        2 as min_decades,  -- rule book B10
        1_000 as min_lots,  -- from here on the neighbourhoods of round sizes, 5 % each way, meet
        0.01 as round_frac,  -- of sizes that cluster nowhere are a multiple of 100 lots
        2 as min_round_z,  -- 5 % of quiet weeks; genuine traders like round sizes
        1_000 as min_tests,  -- trades of a test: ten round ones, fifty in the tail
        0.05 as tail_frac,  -- rule book B10
        1 as min_hill,  -- rule book B10, unverified
        2 as max_hill,  -- rule book B10, unverified
        0.05 as max_repeat_frac  -- a guess; backtest before trusting
),

sizes as (
    select
        *,
        date_trunc('week', cast(known_date as timestamp)) as monday
    from features.wash_days
),

weeks as (
    select
        venue, pair, monday,
        sum(n_trades) as n_trades,
        min(n_zeros) as lot_zeros,
        sum(n_fine) as n_fine,
        sum(n_repeats) as n_repeats
    from sizes
    group by venue, pair, monday
),

digits as (
    select
        sizes.venue, sizes.pair, sizes.monday, sizes.first_digit, weeks.n_trades,
        log10(1 + 1 / cast(sizes.first_digit as double)) as expected_frac,
        sum(sizes.n_trades) as n_found
    from sizes
    inner join weeks
        on
            sizes.venue = weeks.venue
            and sizes.pair = weeks.pair
            and sizes.monday = weeks.monday
    group by sizes.venue, sizes.pair, sizes.monday, sizes.first_digit, weeks.n_trades
),

-- A digit that no size begins with is missing here: its share is what the others leave.
benford as (
    select
        venue, pair, monday,
        sum(
            cast(
                round(
                    power(n_found - n_trades * expected_frac, 2) / (n_trades * expected_frac)
                    - n_trades * expected_frac, 9
                ) as decimal(38, 9)
            )
        ) + max(n_trades) as chi_square,
        (
            sum(
                cast(
                    round(
                        abs(cast(n_found as double) / n_trades - expected_frac) - expected_frac, 12
                    ) as decimal(38, 12)
                )
            ) + 1
        ) / 9 as mad
    from digits
    group by venue, pair, monday
),

bins as (
    select
        venue, pair, monday, size_bin,
        sum(n_trades) as n_trades,
        min(min_size) as min_size,
        sum(sum_ln_size) as sum_ln_size
    from sizes
    group by venue, pair, monday, size_bin
),

stacked as (
    select
        *,
        sum(n_trades) over from_below as n_up_to,
        sum(n_trades) over from_above as n_from
    from bins
    window
        from_below as (partition by venue, pair, monday order by size_bin),
        from_above as (partition by venue, pair, monday order by size_bin desc)
),

tails as (
    select
        stacked.venue, stacked.pair, stacked.monday,
        min(case when 100 * stacked.n_up_to >= weeks.n_trades then stacked.size_bin end)
            as bin1,
        min(case when 100 * stacked.n_up_to >= 99 * weeks.n_trades then stacked.size_bin end)
            as bin99,
        sum(
            case
                when stacked.n_from - stacked.n_trades < params.tail_frac * weeks.n_trades
                    then stacked.n_trades
            end
        ) as n_tail,
        min(
            case
                when stacked.n_from - stacked.n_trades < params.tail_frac * weeks.n_trades
                    then stacked.min_size
            end
        ) as tail_from,
        sum(
            case
                when stacked.n_from - stacked.n_trades < params.tail_frac * weeks.n_trades
                    then stacked.sum_ln_size
            end
        ) as sum_ln_tail
    from stacked
    cross join params
    inner join weeks
        on
            stacked.venue = weeks.venue
            and stacked.pair = weeks.pair
            and stacked.monday = weeks.monday
    group by stacked.venue, stacked.pair, stacked.monday
),

large as (
    select
        sizes.venue, sizes.pair, sizes.monday,
        sum(sizes.n_trades) as n_large,
        sum(case when sizes.n_zeros >= weeks.lot_zeros + 2 then sizes.n_trades else 0 end)
            as n_round
    from sizes
    cross join params
    inner join weeks
        on
            sizes.venue = weeks.venue
            and sizes.pair = weeks.pair
            and sizes.monday = weeks.monday
    where cast(sizes.min_size as double) * 1e8 >= params.min_lots * power(10, weeks.lot_zeros) - 0.5
    group by sizes.venue, sizes.pair, sizes.monday
),

missed as (
    select
        weeks.venue, weeks.pair, weeks.monday,
        sum(
            epoch_us(
                least(
                    coalesce(gaps.ended_at, timezone('UTC', weeks.monday) + interval 7 days),
                    timezone('UTC', weeks.monday) + interval 7 days
                )
            ) - epoch_us(greatest(gaps.began_at, timezone('UTC', weeks.monday)))
        ) / 3_600_000_000 as gap_hours
    from weeks
    inner join ops.feed_gaps as gaps
        on
            weeks.venue = gaps.venue
            and (weeks.pair = gaps.pair or gaps.pair = 'all')
            and gaps.channel = 'trades'
            and gaps.began_at < timezone('UTC', weeks.monday) + interval 7 days
            and gaps.known_at <= timezone('UTC', weeks.monday) + interval 7 days
            and coalesce(gaps.ended_at > timezone('UTC', weeks.monday), true)
    group by weeks.venue, weeks.pair, weeks.monday
),

measured as (
    select
        weeks.*,
        params.min_trades, params.max_chi_square, params.max_mad, params.min_decades,
        params.min_round_z, params.min_hill, params.max_hill, params.max_repeat_frac,
        round(cast(benford.chi_square as double), 6) as benford_chi_square,
        round(cast(benford.mad as double), 9) as benford_mad,
        round((tails.bin99 - tails.bin1) / (100 * ln(10)), 6) as n_decades,
        case
            when large.n_large >= params.min_tests
                then round(
                    (large.n_round - params.round_frac * large.n_large)
                    / sqrt(large.n_large * params.round_frac * (1 - params.round_frac)), 6
                )
        end as round_z,
        case
            when weeks.n_trades >= params.min_tests
                then round(
                    cast(tails.n_tail as double) / nullif(
                        cast(tails.sum_ln_tail as double)
                        - tails.n_tail * ln(cast(tails.tail_from as double)), 0
                    ), 6
                )
        end as hill,
        case
            when weeks.n_fine >= params.min_tests
                then round(cast(weeks.n_repeats as double) / weeks.n_fine, 9)
        end as repeat_frac,
        coalesce(large.n_large, 0) as n_large,
        coalesce(round(missed.gap_hours, 6), 0) as gap_hours
    from weeks
    cross join params
    inner join benford
        on
            weeks.venue = benford.venue
            and weeks.pair = benford.pair
            and weeks.monday = benford.monday
    inner join tails
        on
            weeks.venue = tails.venue
            and weeks.pair = tails.pair
            and weeks.monday = tails.monday
    left join large
        on
            weeks.venue = large.venue
            and weeks.pair = large.pair
            and weeks.monday = large.monday
    left join missed
        on
            weeks.venue = missed.venue
            and weeks.pair = missed.pair
            and weeks.monday = missed.monday
),

judged as (
    select
        *,
        case
            when n_decades >= min_decades
                then benford_chi_square > max_chi_square and benford_mad > max_mad
        end as fails_benford,
        round_z < min_round_z as fails_round,
        hill < min_hill or hill > max_hill as fails_tail,
        repeat_frac > max_repeat_frac as fails_repeat
    from measured
)

select
    venue,
    pair,
    timezone('UTC', monday) as week_at,  -- the week's begin
    timezone('UTC', monday) + interval 7 days as known_at,  -- the week's end
    cast(n_trades as bigint) as n_trades,  -- trades, or aggregates where only those are told
    n_decades,  -- powers of ten between the sizes of 1 % and 99 % of the trades
    benford_chi_square,  -- of the sizes' first digits, 8 degrees of freedom
    benford_mad,  -- deviation from the first-digit law, mean over nine shares
    round_z,  -- standard errors by which multiples of 100 lots are more than one in a hundred
    cast(n_large as bigint) as n_large,  -- trades of 1,000 lots or more, among which
    hill,  -- exponent of the largest 5 % of sizes
    repeat_frac,  -- share of sizes that the trade before had on the other side, within 1 s
    fails_benford,  -- the first digits are not as the law has them
    fails_round,  -- round sizes are no more frequent than others
    fails_tail,  -- the exponent is not between 1 and 2
    fails_repeat,  -- more than one size in twenty comes back at once
    case
        when n_trades >= min_trades
            then
                case when fails_benford then 1 else 0 end
                + case when fails_round then 1 else 0 end
                + case when fails_tail then 1 else 0 end
                + case when fails_repeat then 1 else 0 end
    end as wash_score,  -- tests failed, 0 to 4; null below 10,000 trades
    gap_hours  -- in which trades are missing
from judged
where timezone('UTC', monday) + interval 7 days < (select clock.until from ops.clock as clock)
