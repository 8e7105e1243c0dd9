-- default: session_date = '2024-02-12', known_at = '2024-02-13 02:00Z'

-- case: each figure of a session is a row under its own name, and one that is missing is null
-- given: features.anomaly_inputs
select
    'AAA' as entity,
    1 as return_z,
    2 as value_z,
    3 as offex_ratio_z,
    4 as short_sale_z,
    5 as offex_balance_z,
    6 as blocks_z,
    7 as calls_z,
    8 as puts_z,
    9 as net_premium_z,
    10 as vol_oi_z,
    11 as d_oi_z;
-- expect: feature, symbol, session_date, known_at, value
select
    given.feature,
    'AAA' as symbol,
    date '2024-02-12' as session_date,
    timestamptz '2024-02-13 02:00Z' as known_at,
    given.value
from (
    values
    ('return_z', 1), ('value_z', 2), ('offex_ratio_z', 3), ('short_sale_z', 4),
    ('offex_balance_z', 5), ('blocks_z', 6), ('calls_z', 7), ('puts_z', 8), ('net_premium_z', 9),
    ('vol_oi_z', 10), ('d_oi_z', 11), ('d_iv_z', null)
) as given (feature, value);
