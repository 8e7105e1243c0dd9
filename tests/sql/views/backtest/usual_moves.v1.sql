-- default: bar = 'session', kind = 'stock', security_id = 'A'
-- default: known_at = '2024-03-01 21:15Z'

-- case: a move joins what is usual when it is over, and of a year only
-- given: backtest.horizons
select *
from (
    values
    ('session', '1 session', 1), ('session', '2 sessions', 2), ('session', '5 sessions', 5),
    ('session', '10 sessions', 10)
) as given (bar, horizon, n_bars);
-- given: backtest.session_closes
select
    place,
    exp(0.01 * place * (place + 1) / 2) as price
from range(0, 301) as t (place);
-- expect: case when place = 300 then horizon end, case when place = 300 then n_moves end,
--     case when place = 300 then percentile_95 end, case when place = 300 then percentile_99 end
select
    horizon, n_moves, percentile_95, percentile_99
from (
    values
    ('1 session', 252, 2.88, 2.98),
    ('2 sessions', 252, 5.75, 5.95),
    ('5 sessions', 252, 14.3, 14.8),
    ('10 sessions', 252, 28.35, 29.35)
) as given (horizon, n_moves, percentile_95, percentile_99)
union all
select
    null as horizon,
    null as n_moves,
    null as percentile_95,
    null as percentile_99
from range(1_182) as t (n);
