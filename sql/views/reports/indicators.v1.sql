-- what:    All that the scores say of a stock in a session, in one row.
-- grain:   one row per symbol and session, as in scores.smart_money_index; what a stock does not
--          have is null
-- status:  live
-- needs:   1d

select
    indices.symbol,
    indices.session_date,
    indices.known_at,  -- five hours after the close
    indices.smart_money_index,  -- 0 to 100
    indices.label as index_label,  -- strong_buying, moderate_bullish, ...; null for too little
    indices.is_near_neutral,  -- within 5 points of 50
    slow.accumulation,  -- -100 to 100
    slow.label as accumulation_label,  -- strong_accumulation ... strong_distribution
    trust.confidence,  -- 0 to 100
    trust.tier as confidence_tier,  -- high, medium or low
    apart.divergence,  -- of flow and price, 0 to 100
    apart.label as divergence_label,  -- bullish, bearish; null where they do not differ
    rare.unusual_activity,  -- 0 to 100
    backed.conviction,  -- 0 to 100
    dark.offex_ratio as dark_pool_ratio,  -- of the session's volume, off exchange; 0 to 1
    case dark.direction
        when 'bull' then 'bullish'
        when 'bear' then 'bearish'
        else dark.direction
    end
        as dark_pool_sentiment,  -- bullish, bearish or neutral: who began the prints off exchange
    backed.inst_own_pct
        as institutional_ownership,  -- percent of the shares, of the newest quarter that counts
    case backed.flow_label
        when 'strong_inflow' then 'strong_buying'
        when 'inflow' then 'buying'
        when 'neutral' then 'neutral'
        when 'outflow' then 'selling'
        when 'strong_outflow' then 'strong_selling'
    end as institutional_momentum,  -- strong_buying, buying, neutral, selling or strong_selling
    indices.smart_money_index_legacy,  -- the founding form
    indices.label_legacy as index_label_legacy,  -- the founding bands
    slow.accumulation_legacy,  -- the founding form
    slow.label_legacy as accumulation_label_legacy,  -- the founding bands
    apart.divergence_legacy,  -- the founding form
    apart.label_legacy as divergence_label_legacy,  -- the founding form's
    rare.unusual_activity_legacy,  -- the founding form
    backed.conviction_legacy,  -- the founding form
    dark.legacy_label as dark_pool_label_legacy,  -- by the fixed bands of old
    dark.ratio_label as dark_pool_label,  -- against its own year
    rare.label as activity_label,  -- high, elevated, normal; null where too little is known
    rare.direction as activity_direction,  -- bull or bear, where the index has one
    backed.label as conviction_label,  -- high, moderate or low
    indices.coverage,  -- of the index's weight, 0 to 1
    indices.agreement,  -- of its components, 0 to 1
    apart.return_5d_pct,  -- percent in five sessions, adjusted
    apart.flow_pct,  -- bought less sold over both, percent of the value off exchange
    apart.has_earnings,  -- a report lies within the five sessions
    rare.volume_ratio,  -- volume over its mean of 20 sessions
    backed.net_change_pct,  -- of the shares that managers held a quarter before
    backed.period_end  -- of that quarter
from scores.smart_money_index as indices
left join scores.accumulation as slow
    on indices.symbol = slow.symbol and indices.session_date = slow.session_date
left join scores.confidence as trust
    on indices.symbol = trust.symbol and indices.session_date = trust.session_date
left join scores.divergence as apart
    on indices.symbol = apart.symbol and indices.session_date = apart.session_date
left join scores.unusual_activity as rare
    on indices.symbol = rare.symbol and indices.session_date = rare.session_date
left join scores.conviction as backed
    on indices.symbol = backed.symbol and indices.session_date = backed.session_date
left join reports.dark_pool_daily as dark
    on indices.symbol = dark.symbol and indices.session_date = dark.session_date
