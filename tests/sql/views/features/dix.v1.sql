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
select *
from (
    values
    ('A', 'totals', 0.4, 10),
    ('A', 'prints', 0.9, 10),
    ('B', 'totals', 0.9, null),
    ('C', 'totals', null, 10)
) as given (symbol, basis, short_sale_frac, close_usd),
    (values (1_000)) as volumes (offex_volume);
-- expect: dix, n_stocks
values (0.4, 1);
