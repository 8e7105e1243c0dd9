-- rule:    D9
-- what:    Three or more insiders of a company bought its stock within 30 days.
-- grain:   one row per company and purchase that made the cluster, or made it graver; days are
--          those on which purchases became known
-- status:  live
-- every:   15m
-- needs:   31d
-- misses:  purchases by plans, of derivatives, of less than 10,000 USD a form, and those whose form
--          never came; that a fund and its partner under other names are one
-- noisy:   when a company offers stock to its insiders at one price, and when they buy every year
--          in this month

with params as (
    select
        3 as min_insiders,  -- rule book D9
        100_000 as min_value_usd,  -- of all together, rule book D9
        5 as many_insiders,  -- rule book D9; then it is high
        1_000_000 as large_value_usd,  -- rule book D9; then it is high if they have no habit of it
        interval 30 days as max_pause  -- after it a cluster is another one
),

graded as (
    select
        clusters.*,
        params.min_insiders, params.min_value_usd, params.max_pause,
        case
            when
                clusters.n_insiders_30d < params.min_insiders
                or clusters.value_30d_usd < params.min_value_usd then 0
            when
                clusters.n_insiders_30d >= params.many_insiders
                or (
                    clusters.value_30d_usd >= params.large_value_usd
                    and clusters.n_opportunistic_30d >= params.min_insiders
                ) then 2
            else 1
        end as base_tier,
        case when clusters.has_ceo and clusters.has_cfo then 1 else 0 end as chief_tier
    from features.insider_clusters as clusters
    cross join params
),

tiered as (
    select
        *,
        case when base_tier = 0 then 0 else base_tier + chief_tier end as tier
    from graded
),

-- The gravest that was told before, not long ago.
told as (
    select
        tiered.cik, tiered.known_at,
        max(earlier.tier) as tier
    from tiered
    inner join tiered as earlier
        on
            tiered.cik = earlier.cik
            and tiered.known_at > earlier.known_at
            and tiered.known_at <= earlier.known_at + tiered.max_pause
    group by tiered.cik, tiered.known_at
),

fired as (
    select
        tiered.*,
        coalesce(tiered.ticker, 'cik:' || tiered.cik) as entity,
        -- The last purchase of them; a form may come before the day of it is over.
        least(
            timezone('America/New_York', tiered.last_trans_date + interval 16 hours),
            tiered.known_at
        ) as happened_at,
        -- Up to 19 within its tier: more dollars, then more insiders.
        least(
            19,
            9 * log10(tiered.value_30d_usd / tiered.min_value_usd)
            + 2 * (tiered.n_insiders_30d - tiered.min_insiders)
        ) as more
    from tiered
    left join told on tiered.cik = told.cik and tiered.known_at = told.known_at
    where tiered.tier > coalesce(told.tier, 0)
)

select
    entity,
    case when ticker is null then 'issuer' else 'underlying' end as entity_type,
    happened_at,
    known_at as fired_at,
    'bull' as direction,
    round(cast(20 + 20 * tier + more as double), 6) as score,
    -- Buyers without a known habit may have one; those with a habit say little.
    round(
        cast(
            0.5 + 0.3 * n_opportunistic_30d / n_insiders_30d
            - 0.2 * n_routine_30d / n_insiders_30d as double
        ), 6
    ) as confidence,
    value_30d_usd as notional_usd,
    entity || ': ' || cast(n_insiders_30d as text) || ' insiders bought for '
    || cast(cast(round(value_30d_usd) as bigint) as text) || ' USD within 30 days'
    || case
        when has_ceo and has_cfo then ', the CEO and the CFO among them'
        when has_ceo then ', the CEO among them'
        when has_cfo then ', the CFO among them'
        else ''
    end as headline,
    to_json(struct_pack(
        cik := cik, issuer := issuer, n_insiders_30d := n_insiders_30d,
        value_30d_usd := value_30d_usd, n_opportunistic_30d := n_opportunistic_30d,
        n_routine_30d := n_routine_30d, n_officers_30d := n_officers_30d, has_ceo := has_ceo,
        has_cfo := has_cfo, role_weight_30d := role_weight_30d, owners := owners, tier := tier,
        available_date := available_date, accession_no := accession_no
    )) as evidence,
    concat_ws('|', 'filings.insider_cluster', entity, accession_no, available_date) as alert_key
from fired
where known_at < (select clock.until from ops.clock as clock)
