-- rule:    C6
-- what:    One print of a stock worth at least ten million dollars, on or off exchange.
-- grain:   one row per print and version
-- status:  live
-- every:   5s
-- needs:   0s
-- misses:  an order that was cut into prints below the bound; auctions; who began a print at the
--          middle, beside an old quote or under a condition; splits in the stock's usual volume
-- noisy:   where a fund's flows are crossed, and in prints of packages and averages, which have
--          no side

with params as (
    select
        10_000_000 as min_value_usd,  -- the founding bound; rule book C6
        100_000_000 as huge_value_usd,  -- critical whatever the stock; rule book C6
        0.05 as huge_adv_frac  -- of a day's volume, critical from ten million on; rule book C6
)

select
    facts.symbol as entity,
    'underlying' as entity_type,
    facts.traded_at as happened_at,
    facts.known_at as fired_at,
    case facts.side when 1 then 'bull' when -1 then 'bear' end as direction,
    -- Ten million are medium, high from a hundredth of a day on, critical from a twentieth or a
    -- hundred million; a price that was not made then and there is no more than high.
    round(
        least(
            case
                when facts.value_usd >= params.huge_value_usd
                    then 80 + 20 * least(1, log10(cast(facts.value_usd as double) / 100_000_000))
                when facts.adv_frac >= params.huge_adv_frac
                    then 80 + 20 * least(1, log10(facts.adv_frac / params.huge_adv_frac) / 2)
                when facts.is_block_adv then 60 + 475 * (facts.adv_frac - 0.01)
                else 40 + 19 * log10(cast(facts.value_usd as double) / 10_000_000)
            end, case when facts.is_price_informative and not facts.is_late then 100 else 79 end
        ), 6
    ) as score,
    cast(
        0.4
        + case when facts.side is not null then 0.2 else 0 end
        + case when facts.side_prob >= 0.8 then 0.2 else 0 end
        + case when facts.is_price_informative and not facts.is_late then 0.2 else 0 end as double
    ) as confidence,
    cast(facts.value_usd as double) as notional_usd,
    facts.symbol || ': ' || cast(round(facts.size) as bigint) || ' shares'
    || case facts.side when 1 then ' bought' when -1 then ' sold' else ' traded' end || ' for '
    || cast(round(facts.value_usd) as bigint) || ' USD at ' || facts.venue
    || ' (' || coalesce(facts.trade_class, 'unknown condition') || ')' as headline,
    to_json(struct_pack(
        trade_ids := [facts.print_id], trade_type := facts.trade_type,
        trade_class := facts.trade_class, conditions := facts.conditions, side := facts.side,
        side_prob := cast(facts.side_prob as double), size := cast(facts.size as double),
        price := cast(facts.price as double), value_usd := cast(facts.value_usd as double),
        bid := cast(facts.bid as double), ask := cast(facts.ask as double),
        prem_bps := facts.prem_bps, price_bucket := facts.price_bucket,
        quote_age_s := facts.quote_age_s, stale_quote := facts.is_quote_stale,
        late := facts.is_late, report_delay_s := facts.report_delay_s,
        price_informative := facts.is_price_informative, adv_volume := facts.adv_volume,
        adv_frac := facts.adv_frac, stat_frac := facts.stat_frac,
        block_reg := true, block_adv := facts.is_block_adv, block_stat := facts.is_block_stat,
        n_adv_sessions := facts.n_adv_sessions, n_stat_sessions := facts.n_stat_sessions,
        traded_us := epoch_us(facts.traded_at), known_us := epoch_us(facts.known_at)
    )) as evidence,
    concat_ws(
        '|', 'off_exchange.block', facts.symbol, facts.print_id || '@' || facts.value_usd,
        facts.session_date
    ) as alert_key
from features.equity_blocks as facts
cross join params
where
    facts.value_usd >= params.min_value_usd
    and facts.known_at < (select clock.until from ops.clock as clock)
