-- rule:    A6
-- what:    An underlying's balance of calls and puts is far from its usual one by this time of day.
-- grain:   one row per underlying and session: the first mark at which it is unusual
-- status:  live
-- every:   30m
-- needs:   1 session
-- misses:  who opened and who closed, which the public tape does not tell: it is a proxy for the
--          open-buy ratio; half sessions; a direction where over half of the premium has no side
-- noisy:   when a holder writes calls against stock, when calls are traded for a dividend, and when
--          one package is most of a thin day

with params as (
    select
        2.5 as min_imb_z,  -- rule book A6
        500 as min_volume,  -- contracts, rule book A6
        100_000 as min_premium_usd,  -- rule book A6
        0.5 as max_unsided_frac,  -- above it nobody knows who bought, rule book A6
        false as is_suppressed_before_earnings  -- many want the week before a report silent
),

far as (
    select
        facts.*,
        params.max_unsided_frac, params.is_suppressed_before_earnings,
        facts.call_premium_usd + facts.put_premium_usd as premium_usd,
        facts.call_volume + facts.put_volume as volume,
        row_number() over in_order as nth
    from features.option_imbalance as facts
    cross join params
    where
        facts.term = 'all'
        and abs(facts.imb_z) >= params.min_imb_z
        and facts.call_volume + facts.put_volume >= params.min_volume
        and facts.call_premium_usd + facts.put_premium_usd >= params.min_premium_usd
    window in_order as (partition by facts.underlying, facts.session_date order by facts.mark)
),

hours as (
    select facts.*
    from features.option_flow_half_hours as facts
    cross join ops.clock as clock
    where facts.session_date >= cast(timezone('America/New_York', clock.since) as date) - 1
),

sided as (
    select
        far.underlying, far.session_date,
        1 - cast(sum(hours.bought_usd + hours.sold_usd) as double)
        / nullif(sum(hours.premium_usd), 0) as unsided_frac
    from far
    inner join hours
        on
            far.underlying = hours.underlying
            and far.session_date = hours.session_date
            and far.mark > hours.half_hour
    where far.nth = 1
    group by far.underlying, far.session_date
),

known as (
    select
        far.*,
        coalesce(sided.unsided_frac, 1) as unsided_frac,
        context.days_to_earnings,
        nullif(
            concat_ws(
                ' ',
                context.tags,
                case when expiries.session_date is not null then 'expiry_day' end
            ), ''
        ) as tags,
        peaks.n_windows, peaks.call_shift, peaks.min_call_shift, peaks.max_call_shift,
        coalesce(context.is_capped, false)
        and not coalesce(
            peaks.is_share_beyond and sign(peaks.call_shift) = sign(far.imb_z), false
        ) as is_capped,
        case
            when far.premium_ratio > 2 then 'very bullish'
            when far.premium_ratio > 1.2 then 'bullish'
            when far.premium_ratio < 0.5 then 'very bearish'
            when far.premium_ratio < 0.8 then 'bearish'
        end as legacy_label,
        least(1.0, cast(far.package_volume as double) / far.volume) as package_frac,
        case  -- 20, 40, 60 and 79 at 2.5, 3.5, 5 and 7 standard deviations
            when abs(far.imb_z) < 3.5 then 20 + 20 * (abs(far.imb_z) - 2.5)
            when abs(far.imb_z) < 5 then 40 + 20 * (abs(far.imb_z) - 3.5) / 1.5
            else least(79, 60 + 19 * (abs(far.imb_z) - 5) / 2)
        end as score
    from far
    cross join ops.clock as clock
    left join sided
        on far.underlying = sided.underlying and far.session_date = sided.session_date
    left join features.option_event_context as context
        on far.underlying = context.underlying and far.session_date = context.session_date
    left join features.option_expiry_days as expiries on far.session_date = expiries.session_date
    left join features.option_report_peaks as peaks
        on
            far.underlying = peaks.underlying
            and far.session_date = peaks.session_date
            and far.mark = peaks.mark
    where
        far.nth = 1
        and not (far.is_suppressed_before_earnings and coalesce(context.is_capped, false))
        -- Between two marks nothing fires, and nothing is read.
        and (epoch_us(clock.until) - 1) // 1_800_000_000
        > (epoch_us(clock.since) - 1) // 1_800_000_000
)

select
    underlying as entity,
    'underlying' as entity_type,
    known_at as happened_at,
    known_at as fired_at,
    case
        when unsided_frac > max_unsided_frac then null
        when imb_z > 0 then 'bull'
        else 'bear'
    end as direction,
    round(cast(least(score, case when is_capped then 59 else 100 end) as double), 6) as score,
    round(cast(0.3 + 0.4 * (1 - unsided_frac) + 0.3 * (1 - package_frac) as double), 6)
        as confidence,
    cast(premium_usd as double) as notional_usd,
    underlying || ': ' || call_volume || ' calls and ' || put_volume || ' puts in the first '
    || 30 * mark || ' minutes, usually ' || cast(round(100 * pi0) as bigint) || ' % calls by then'
        as headline,
    to_json(struct_pack(
        session_date := session_date, mark := mark, call_volume := call_volume,
        put_volume := put_volume, pcr := pcr, cpi := cpi, pi0 := pi0, call_share := call_share,
        imb_z := imb_z, n_obs := n_obs, c_vs_top_put := c_vs_top_put,
        p_vs_top_call := p_vs_top_call, call_premium_usd := call_premium_usd,
        put_premium_usd := put_premium_usd, premium_ratio := premium_ratio,
        legacy_label := legacy_label, unsided_frac := round(unsided_frac, 6),
        is_proxy := true, package_frac := round(package_frac, 6),
        days_to_earnings := days_to_earnings, tags := tags, n_windows := n_windows,
        call_shift := call_shift, min_call_shift := min_call_shift,
        max_call_shift := max_call_shift, until_us := epoch_us(known_at)
    )) as evidence,
    concat_ws('|', 'options.call_put_imbalance', underlying, session_date) as alert_key
from known
where known_at < (select clock.until from ops.clock as clock)
