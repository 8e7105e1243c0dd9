-- rule:    D6
-- what:    Whose portfolios are most like each hedge-type manager's, in its newest quarter.
-- grain:   one row per hedge-type manager and another, its first ten
-- status:  live

with params as (
    select 10 as n_others  -- a page
),

both_ways as (
    select
        cik, manager, other_cik, other_manager, period_end, known_at, overlap_frac, n_common,
        n_positions, other_n_positions, most_common
    from features.manager_overlap
    union all
    select
        other_cik as cik,
        other_manager as manager,
        cik as other_cik,
        manager as other_manager,
        period_end, known_at, overlap_frac, n_common,
        other_n_positions as n_positions,
        n_positions as other_n_positions,
        most_common
    from features.manager_overlap
),

newest as (
    select
        cik,
        max(period_end) as period_end
    from both_ways
    group by cik
),

placed as (
    select
        both_ways.*,
        row_number() over (
            partition by both_ways.cik
            order by both_ways.overlap_frac desc, both_ways.other_cik asc
        ) as place
    from both_ways
    inner join newest
        on both_ways.cik = newest.cik and both_ways.period_end = newest.period_end
)

select
    placed.cik,
    placed.manager,
    placed.place,  -- 1 is most like it
    placed.other_cik,  -- of the manager that it is like
    placed.other_manager,
    placed.period_end,
    placed.overlap_frac,
    placed.n_common,
    placed.n_positions,
    placed.other_n_positions,
    placed.most_common,
    placed.known_at
from placed
cross join params
where placed.place <= params.n_others
