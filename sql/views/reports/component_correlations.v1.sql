-- rule:    E2
-- what:    How far the components of the index go together, month by month.
-- grain:   one row per month of the span and pair of components that were there together
-- status:  live
-- needs:   0s
-- noisy:   within a stock sessions overlap: five hundred rows are not five hundred observations

with components as (
    select
        symbol, session_date, component, s,
        cast(date_trunc('month', session_date) as date) as month_date
    from features.score_components
    where
        s is not null and weight is not null
        and known_at >= (select clock.since from ops.clock as clock)
)

select
    former.month_date,  -- the month's first day
    former.component,  -- dp, inst, insider, blocks or unusual
    latter.component as other_component,  -- a later one by name
    count(*) as n_rows,  -- stocks and sessions with both
    count(distinct former.symbol) as n_symbols,  -- stocks among them
    round(
        case
            when max(former.s) > min(former.s) and max(latter.s) > min(latter.s)
                then corr(former.s, latter.s)
        end, 6
    ) as coefficient  -- of correlation, -1 to 1; null where one does not move
from components as former
inner join components as latter
    on
        former.symbol = latter.symbol
        and former.session_date = latter.session_date
        and former.component < latter.component
group by former.month_date, former.component, latter.component
