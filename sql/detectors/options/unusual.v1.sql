-- rule:    A21
-- what:    The most unusual of an underlying's option figures is so rare as hardly a day in a year.
-- grain:   one row per underlying and session: the first mark at which it is unusual
-- status:  live
-- every:   30m
-- needs:   1 session
-- misses:  names without 60 sessions of history of three figures; half sessions; what is rare only
--          together; that net premium is more than before earlier reports, when it stays medium
-- noisy:   one name in twenty is over the low bound at any time, by what the bound means; on the
--          day of a report, and when options expire

with params as (
    select
        95.0 as min_unusual,  -- rule book A21: by chance one name in twenty
        99.0 as medium_unusual,  -- rule book A21: by chance one in a hundred
        100_000 as min_premium_usd,  -- as of A5: below it nobody's money is moved
        false as is_suppressed_before_earnings  -- many want the week before a report silent
),

rare as (
    select
        facts.*,
        params.medium_unusual, params.is_suppressed_before_earnings,
        row_number() over in_order as nth
    from features.option_unusual as facts
    cross join params
    where
        facts.unusual >= params.min_unusual
        and facts.premium_usd >= params.min_premium_usd
    window in_order as (partition by facts.underlying, facts.session_date order by facts.mark)
),

known as (
    select
        rare.*,
        context.days_to_earnings,
        nullif(
            concat_ws(
                ' ',
                context.tags,
                case when expiries.session_date is not null then 'expiry_day' end
            ), ''
        ) as tags,
        peaks.n_windows,
        case rare.top_component
            when 'call_volume' then peaks.call_ratio20
            when 'put_volume' then peaks.put_ratio20
        end as report_ratio20,
        case rare.top_component
            when 'call_volume' then peaks.max_call_ratio20
            when 'put_volume' then peaks.max_put_ratio20
        end as max_report_ratio20,
        coalesce(context.is_capped, false)
        and not coalesce(
            case rare.top_component
                when 'call_volume' then peaks.is_call_beyond
                when 'put_volume' then peaks.is_put_beyond
            end, false
        ) as is_capped,
        case  -- 20, 40 and 59 at 95, 99 and 100; 20 more where a figure is high by itself
            when rare.unusual < rare.medium_unusual then 20 + 5 * (rare.unusual - 95)
            else
                40 + 19 * (rare.unusual - rare.medium_unusual)
                + case when rare.is_high then 20 else 0 end
        end as score
    from rare
    cross join ops.clock as clock
    left join features.option_event_context as context
        on rare.underlying = context.underlying and rare.session_date = context.session_date
    left join features.option_expiry_days as expiries on rare.session_date = expiries.session_date
    left join features.option_report_peaks as peaks
        on
            rare.underlying = peaks.underlying
            and rare.session_date = peaks.session_date
            and rare.mark = peaks.mark
    where
        rare.nth = 1
        and not (rare.is_suppressed_before_earnings and coalesce(context.is_capped, false))
        -- Between two marks nothing fires, and nothing is read.
        and (epoch_us(clock.until) - 1) // 1_800_000_000
        > (epoch_us(clock.since) - 1) // 1_800_000_000
)

select
    underlying as entity,
    'underlying' as entity_type,
    known_at as happened_at,
    known_at as fired_at,
    case net_sign when 1 then 'bull' when -1 then 'bear' end as direction,
    round(cast(least(score, case when is_capped then 59 else 100 end) as double), 6) as score,
    round(cast(least(1, 0.4 + 0.1 * n_components) as double), 6) as confidence,
    cast(premium_usd as double) as notional_usd,
    underlying || ': ' || replace(top_component, '_', ' ') || ' in the first ' || 30 * mark
    || ' minutes is above ' || round(100 * max_pr, 1) || ' % of its own year; unusual '
    || round(unusual, 1) as headline,
    to_json(struct_pack(
        session_date := session_date, mark := mark, unusual := unusual, max_pr := max_pr,
        n_components := n_components, components := components, top_component := top_component,
        is_high := is_high, unusual_legacy := unusual_legacy, net_sign := net_sign,
        premium_usd := premium_usd, signed_unusual := round(net_sign * unusual / 100, 6),
        days_to_earnings := days_to_earnings, tags := tags, n_windows := n_windows,
        report_ratio20 := report_ratio20, max_report_ratio20 := max_report_ratio20,
        until_us := epoch_us(known_at)
    )) as evidence,
    concat_ws('|', 'options.unusual', underlying, session_date) as alert_key
from known
where known_at < (select clock.until from ops.clock as clock)
