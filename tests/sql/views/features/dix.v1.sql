-- default: session_date = '2024-03-01', known_at = '2024-03-02 02:00Z', basis = 'totals'

-- case: shares are weighted by dollars (golden)
-- given: features.off_exchange_sessions
select *
from (
    values
    ('A', 1_000, 0.4, 10),
    ('B', 1_500, 0.6, 100),
    ('C', 500, 0.2, 50)
) as given (symbol, offex_volume, short_sale_frac, close_usd);
-- expect: session_date, known_at, universe, dix, share_of_volume, n_stocks,
--     total_usd
values ('2024-03-01', '2024-03-02 02:00Z', 'all', 0.535135, 0.466667, 3, 185_000);

-- case: prints, and stocks without a close or a share, do not count
-- given: features.off_exchange_sessions
select
    *,
    1_000 as offex_volume
from (
    values
    ('A', 'totals', 0.4, 10),
    ('A', 'prints', 0.9, 10),
    ('B', 'totals', 0.9, null),
    ('C', 'totals', null, 10)
) as given (symbol, basis, short_sale_frac, close_usd);
-- expect: dix, n_stocks
values (0.4, 1);

-- case: an index is its members of that session, as they were known then
-- given: features.off_exchange_sessions
select
    *,
    1_000 as offex_volume,
    10 as close_usd
from (
    values
    ('IN', 0.4), ('OUT', 0.9), ('GONE', 0.9), ('LATER', 0.9)
) as given (symbol, short_sale_frac);
-- given: curated.index_members
select
    *,
    'SP500' as index_name,
    0.1 as weight_frac
from (
    values
    ('IN', '2020-01-02', null, '2020-01-02 12:00Z', null),
    ('GONE', '2020-01-02', '2024-02-01', '2024-01-20 12:00Z', null),
    ('LATER', '2024-02-01', null, '2024-03-05 12:00Z', null)
) as given (symbol, from_date, to_date, known_at, withdrawn_at);
-- expect: universe, dix, n_stocks
values
('all', 0.775, 4),
('SP500', 0.4, 1);
