-- rule:    A21
-- what:    How unusual an underlying's option activity is up to a half-hour mark, in one number.
-- grain:   one row per underlying, whole session and mark; unusual is null with fewer than three
--          components of at least 60 sessions of history
-- status:  live
-- needs:   0s

with params as (
    select
        60 as min_obs,  -- below it the top percentile is a handful of days; rule book A21
        3 as min_components,  -- rule book A21
        5 as min_high_z,  -- what makes a component high by itself, rule book 0.5
        100 as min_high_median60,  -- rule book A5
        100_000 as min_high_premium_usd,  -- rule book A5
        250_000 as min_flow_premium_usd,  -- rule book A7
        0.5 as max_unsided_frac  -- rule book A7
),

-- A component is one branch: its percentile, its length of history, and whether it is high alone.
components as (
    select
        ranks.underlying, ranks.session_date, ranks.mark, ranks.known_at,
        ranks.put_call || '_volume' as component,
        ranks.pr252 as pr,
        ranks.n_obs,
        coalesce(
            facts.mz60 >= params.min_high_z
            and facts.volume > facts.max60
            and facts.median60 >= params.min_high_median60
            and facts.premium_usd >= params.min_high_premium_usd, false
        ) as is_high,
        ranks.premium_usd,
        0 as net_premium_usd,
        facts.ratio20
    from features.option_volume_rank as ranks
    cross join params
    left join features.option_volume as facts
        on
            ranks.underlying = facts.underlying
            and ranks.put_call = facts.put_call
            and ranks.term = facts.term
            and ranks.session_date = facts.session_date
            and ranks.mark = facts.mark
    where ranks.term = 'all'
    union all
    select
        flow.underlying, flow.session_date, flow.mark, flow.known_at,
        'net_premium' as component,
        flow.net_premium_pr as pr,
        flow.n_obs252 as n_obs,
        coalesce(
            abs(flow.flow_z) >= params.min_high_z
            and flow.premium_usd >= params.min_flow_premium_usd
            and flow.unsided_frac <= params.max_unsided_frac, false
        ) as is_high,
        0 as premium_usd,
        case when flow.unsided_frac <= params.max_unsided_frac then flow.net_premium_usd else 0 end
            as net_premium_usd,
        null as ratio20
    from features.option_net_flow as flow
    cross join params
),

counted as (
    select
        components.*,
        components.pr is not null and components.n_obs >= params.min_obs as is_counted
    from components
    cross join params
),

together as (
    select
        underlying, session_date, mark, known_at,
        count(case when is_counted then 1 end) as n_components,
        max(case when is_counted then pr end) as max_pr,
        max(case when is_counted then struct_pack(pr := pr, component := component) end)
            as highest,
        max(ratio20) as ratio20,
        sum(premium_usd) as premium_usd,
        sum(net_premium_usd) as net_premium_usd,
        bool_or(is_high) as is_high,
        list_sort(list(struct_pack(component := component, pr := pr, n_obs := n_obs)))
            as components
    from counted
    group by underlying, session_date, mark, known_at
)

select
    together.session_date,
    together.mark,  -- half hours since the open, 1 to 13
    together.known_at,  -- the moment of the mark
    together.underlying,
    cast(together.premium_usd as bigint) as premium_usd,  -- of calls and puts, open to mark
    together.n_components,  -- that have 60 sessions of history
    together.max_pr,  -- the highest percentile among them, 0 to 1
    together.highest.component as top_component,  -- whose it is
    together.components,  -- each with its percentile and its sessions of history
    together.is_high,  -- one of them is high by itself
    cast(sign(together.net_premium_usd) as bigint) as net_sign,  -- of bullish less bearish premium
    case
        when together.n_components >= params.min_components
            then round(100 * together.max_pr ** together.n_components, 6)
    end as unusual,  -- 100 times the highest percentile to the power of how many, 0 to 100
    case when together.ratio20 is not null then round(least(100, 25 * together.ratio20), 6) end
        as unusual_legacy  -- 25 times the higher ratio20, 100 at most: the founding table's rule
from together
cross join params
