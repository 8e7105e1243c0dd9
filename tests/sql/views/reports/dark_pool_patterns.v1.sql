-- default: symbol = 'GME', basis = 'totals', session_date = '2024-01-01'

-- case: a share of five sessions over that of twenty rises, falls or is steady
-- span: 2024-01-20 2024-01-21
-- given: features.off_exchange_sessions
select
    given.symbol,
    1_000 + numbers.nth as place,
    timestamptz '2024-01-01' + to_days(numbers.nth) as known_at,
    0.5 as short_sale_frac,
    case when numbers.nth >= 15 then given.newest else 0.4 end as offex_ratio
from (
    values
    ('RISING', 0.5), ('STEADY', 0.41), ('FALLING', 0.3)
) as given (symbol, newest)
cross join range(0, 20) as numbers (nth);
-- given: features.off_exchange_volume
select
    'RISING' as symbol,
    timestamptz '2024-01-20' as known_at,
    timestamptz '2024-01-19' as closes_at,
    'falling' as trend,
    0.8 as trend_ratio;
-- expect: symbol, mean5_ratio, mean20_ratio, n_sessions, ratio_trend, volume_trend,
--     mean5_short_frac
values
('RISING', 0.5, 0.425, 20, 'rising', 'falling', 0.5),
('STEADY', 0.41, 0.4025, 20, 'steady', null, 0.5),
('FALLING', 0.3, 0.375, 20, 'falling', null, 0.5);

-- case: nine sessions are no trend
-- span: 2024-01-09 2024-01-10
-- given: features.off_exchange_sessions
select
    1_000 + numbers.nth as place,
    timestamptz '2024-01-01' + to_days(numbers.nth) as known_at,
    0.4 as offex_ratio
from range(0, 9) as numbers (nth);
-- expect: n_sessions, mean5_ratio, ratio_trend
values (9, 0.4, null);
