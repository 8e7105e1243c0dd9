-- rule:    A7
-- what:    Far more of an underlying's options are on one side than by this time before.
-- grain:   one row per underlying and session: the first mark at which it is unusual
-- status:  live
-- every:   30m
-- needs:   1 session
-- misses:  who opened and who closed; packages and crosses, which nobody began; half sessions;
--          names with premium in fewer than 20 of the 60 sessions before; a rise after the first
--          mark that fires; that it is more than before earlier reports, for which it stays medium
-- noisy:   when a holder sells calls against stock, which is no bet on a fall; when one large order
--          is most of a thin day; in an index, whose puts are a hedge

with params as (
    select
        3.5 as min_flow_z,  -- rule book A7
        0.5 as max_unsided_frac,  -- above it nobody knows who bought; rule book A7
        250_000 as min_premium_usd,  -- of a company of at most 50 B USD; rule book A7
        1_000_000 as min_premium_large_usd,  -- of one above it, and where nobody knows
        50_000_000_000 as max_small_cap_usd,  -- rule book A7
        60 as full_baseline,  -- below it the usual spread is a rough guess, rule book 0.3
        0.6 as min_confidence,  -- of a critical one, rule book 0.5
        false as is_suppressed_before_earnings  -- many want the week before a report silent
),

far as (
    select facts.*
    from features.option_net_flow as facts
    cross join params
    where
        abs(facts.flow_z) >= params.min_flow_z
        and facts.unsided_frac <= params.max_unsided_frac
        and facts.premium_usd >= params.min_premium_usd
        and facts.net_premium_usd <> 0
),

-- The newest count that was known by then.
counted as (
    select
        far.underlying, far.session_date, far.mark,
        arg_max(counts.shares, counts.as_of_date) as shares
    from far
    inner join curated.shares_outstanding as counts
        on
            far.underlying = counts.symbol
            and far.session_date >= counts.as_of_date
            and far.known_at >= counts.known_at
            and coalesce(far.known_at < counts.withdrawn_at, true)
    group by far.underlying, far.session_date, far.mark
),

valued as (
    select
        far.*,
        cast(counted.shares as double) * cast(closes.close as double) as market_cap_usd
    from far
    left join counted
        on
            far.underlying = counted.underlying
            and far.session_date = counted.session_date
            and far.mark = counted.mark
    left join features.prior_close as closes
        on
            far.underlying = closes.symbol
            and far.session_date = closes.session_date
            and far.known_at >= closes.known_at
            and coalesce(far.known_at < closes.withdrawn_at, true)
),

floored as (
    select
        valued.*,
        case
            when valued.market_cap_usd <= params.max_small_cap_usd then params.min_premium_usd
            else params.min_premium_large_usd
        end as floor_usd
    from valued
    cross join params
),

large as (
    select
        *,
        row_number() over in_order as nth
    from floored
    where premium_usd >= floor_usd
    window in_order as (partition by underlying, session_date order by mark)
),

known as (
    select
        large.*,
        params.full_baseline, params.min_confidence,
        context.days_to_earnings,
        nullif(
            concat_ws(
                ' ',
                context.tags,
                case when expiries.session_date is not null then 'expiry_day' end
            ), ''
        ) as tags,
        coalesce(context.is_capped, false) as is_capped,
        -- How sure the sides are, of as much as has one.
        (1 - large.unsided_frac) * large.certainty as confidence,
        case  -- 40, 60, 80 and 100 at a modified z of 3.5, 5, 7 and 12
            when abs(large.flow_z) < 5 then 40 + 20 * (abs(large.flow_z) - 3.5) / 1.5
            when abs(large.flow_z) < 7 then 60 + 10 * (abs(large.flow_z) - 5)
            else least(100, 80 + 4 * (abs(large.flow_z) - 7))
        end as score
    from large
    cross join params
    cross join ops.clock as clock
    left join features.option_event_context as context
        on large.underlying = context.underlying and large.session_date = context.session_date
    left join features.option_expiry_days as expiries
        on large.session_date = expiries.session_date
    where
        large.nth = 1
        and not (params.is_suppressed_before_earnings and coalesce(context.is_capped, false))
        -- Between two marks nothing fires, and nothing is read.
        and (epoch_us(clock.until) - 1) // 1_800_000_000
        > (epoch_us(clock.since) - 1) // 1_800_000_000
)

select
    underlying as entity,
    'underlying' as entity_type,
    known_at as happened_at,
    known_at as fired_at,
    case when net_premium_usd > 0 then 'bull' else 'bear' end as direction,
    round(
        cast(
            least(
                score,
                case when n_obs < full_baseline then 39 else 100 end,
                case when is_capped or coalesce(net_premium_pr < 1, true) then 59 else 100 end,
                case
                    when premium_usd < 10 * floor_usd or confidence < min_confidence then 79
                    else 100
                end
            ) as double
        ), 6
    ) as score,
    round(cast(confidence as double), 6) as confidence,
    cast(abs(net_premium_usd) as double) as notional_usd,
    underlying || ': of ' || premium_usd || ' USD in the first ' || 30 * mark || ' minutes '
    || abs(net_premium_usd) || ' more were bet on a '
    || case when net_premium_usd > 0 then 'rise' else 'fall' end || ' than against it' as headline,
    to_json(struct_pack(
        session_date := session_date, mark := mark, flow_z := flow_z,
        net_premium_pr := net_premium_pr, n_obs := n_obs,
        short_history := n_obs < full_baseline, premium_usd := premium_usd,
        net_premium_usd := net_premium_usd, net_call_premium_usd := net_call_premium_usd,
        net_put_premium_usd := net_put_premium_usd,
        certain_net_premium_usd := certain_net_premium_usd, net_delta_usd := net_delta_usd,
        bull_share := bull_share, unsided_frac := unsided_frac, multileg_frac := multileg_frac,
        market_cap_usd := market_cap_usd, floor_usd := floor_usd,
        days_to_earnings := days_to_earnings, tags := tags, until_us := epoch_us(known_at)
    )) as evidence,
    concat_ws('|', 'options.net_flow', underlying, session_date) as alert_key
from known
where known_at < (select clock.until from ops.clock as clock)
