-- rule:    A5
-- what:    Calls or puts that expire today trade far more than they did on such days by this time.
-- grain:   one row per underlying, put_call and session: the first mark at which it is unusual
-- status:  live
-- every:   30m
-- needs:   1 session
-- misses:  who bought; half sessions; names with fewer than 20 such days in the year before, and
--          with a median below 500 contracts; a rise after the first mark that fires; that it is
--          more than before earlier reports, for which it stays medium
-- noisy:   on the day of a report or of the Fed, when everybody trades what ends today; when a name
--          has such contracts on more days of the week than before

with params as (
    select
        2.5 as min_mz60,  -- rule book 0.5: once in a hundred quiet days
        500 as min_median60,  -- who has them trades thousands; a guess
        100_000 as min_premium_usd,  -- as of all volume: a day's lottery tickets are cheap; a guess
        60 as full_baseline,  -- below it the usual spread is a rough guess, rule book 0.3
        0.6 as min_confidence,  -- of a critical one, rule book 0.5
        false as is_suppressed_before_earnings  -- many want the week before a report silent
),

high as (
    select
        facts.*,
        params.min_premium_usd, params.full_baseline, params.min_confidence,
        params.is_suppressed_before_earnings,
        row_number() over in_order as nth
    from features.option_volume as facts
    cross join params
    where
        facts.term = '0dte'
        and facts.mz60 >= params.min_mz60
        and facts.median60 >= params.min_median60
        and facts.premium_usd >= params.min_premium_usd
    window
        in_order as (
            partition by facts.underlying, facts.put_call, facts.session_date order by facts.mark
        )
),

known as (
    select
        high.*,
        context.days_to_earnings,
        nullif(
            concat_ws(
                ' ',
                context.tags,
                case when expiries.session_date is not null then 'expiry_day' end
            ), ''
        ) as tags,
        coalesce(context.is_capped, false) as is_capped,
        case
            when high.ratio20 >= 5 then 'extreme'
            when high.ratio20 >= 3 then 'high'
            when high.ratio20 >= 2 then 'spike'
        end as legacy_label,
        -- Each leg of a package counts, so that packages look like more than they are.
        0.3 + 0.4 * least(high.n_obs, high.full_baseline) / high.full_baseline
        + 0.3 * (1 - high.package_frac) as confidence,
        case  -- 20, 40, 60, 80 and 100 at a modified z of 2.5, 3.5, 5, 7 and 12
            when high.mz60 < 3.5 then 20 + 20 * (high.mz60 - 2.5)
            when high.mz60 < 5 then 40 + 20 * (high.mz60 - 3.5) / 1.5
            when high.mz60 < 7 then 60 + 10 * (high.mz60 - 5)
            else least(100, 80 + 4 * (high.mz60 - 7))
        end as score
    from high
    cross join ops.clock as clock
    left join features.option_event_context as context
        on high.underlying = context.underlying and high.session_date = context.session_date
    left join features.option_expiry_days as expiries
        on high.session_date = expiries.session_date
    where
        high.nth = 1
        and not (high.is_suppressed_before_earnings and coalesce(context.is_capped, false))
        -- Between two marks nothing fires, and nothing is read.
        and (epoch_us(clock.until) - 1) // 1_800_000_000
        > (epoch_us(clock.since) - 1) // 1_800_000_000
)

select
    underlying as entity,
    'underlying' as entity_type,
    known_at as happened_at,
    known_at as fired_at,
    cast(null as text) as direction,
    round(
        cast(
            least(
                score,
                case when n_obs < full_baseline then 39 else 100 end,
                case when volume <= max60 or is_capped then 59 else 100 end,
                case
                    when premium_usd < 10 * min_premium_usd or confidence < min_confidence then 79
                    else 100
                end
            ) as double
        ), 6
    ) as score,
    round(cast(confidence as double), 6) as confidence,
    cast(premium_usd as double) as notional_usd,
    underlying || ': ' || volume || ' 0-DTE ' || put_call || 's in the first ' || 30 * mark
    || ' minutes, usually ' || cast(round(median60) as bigint) || ' by then' as headline,
    to_json(struct_pack(
        session_date := session_date, put_call := put_call, mark := mark, volume := volume,
        premium_usd := premium_usd, mz60 := mz60, median60 := median60, max60 := max60,
        n_obs := n_obs, short_history := n_obs < full_baseline, mean20 := mean20,
        ratio20 := ratio20, z20 := z20, legacy_label := legacy_label,
        package_frac := package_frac, days_to_earnings := days_to_earnings,
        tags := tags, until_us := epoch_us(known_at)
    )) as evidence,
    concat_ws('|', 'options.zero_dte', underlying, put_call, session_date) as alert_key
from known
where known_at < (select clock.until from ops.clock as clock)
