-- rule:    C8
-- what:    Stocks that trade at least twice what they did by this time of day before.
-- grain:   one row per symbol and session, at the newest half hour of it that is over
-- status:  live
-- needs:   8d
-- route:   blocks_volume_spikes

with params as (
    select
        2 as min_ratio20,  -- rule book C8, and the founding rule
        3.5 as min_mz60  -- rule book C8
),

newest as (
    select facts.*
    from features.equity_volume as facts
    qualify
        row_number() over (
            partition by facts.symbol, facts.session_date
            order by facts.mark desc, facts.known_at desc
        ) = 1
)

select
    newest.symbol,
    newest.session_date,
    newest.mark,  -- half hours since the open, 1 to 12; 13 is the session's own bar
    newest.volume,  -- shares from the open to the mark
    newest.mean20,  -- shares by the same mark, mean of 20 sessions
    newest.ratio20,  -- volume over mean20
    newest.mz60,  -- modified z in 60 sessions; null below 20, and where half of them are equal
    coalesce(newest.mz60 >= params.min_mz60, false) as is_unusual,  -- for this stock itself
    case
        when newest.ratio20 >= 5 then 'extreme'
        when newest.ratio20 >= 3 then 'high'
        else 'medium'
    end as severity_legacy,  -- the founding rule's, by ratio20 alone
    case
        when newest.trend > 1.1 then 'rising'
        when newest.trend < 0.9 then 'falling'
        else 'flat'
    end as trend_label,  -- of the five sessions before
    newest.value_usd,  -- traded from the open to the mark
    newest.n_obs,  -- sessions of history, 60 at most
    newest.known_at
from newest
cross join params
where newest.ratio20 >= params.min_ratio20
