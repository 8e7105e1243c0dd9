-- default: basis = 'totals', volume = 100, offex_value_usd = 4_000, symbol = 'AAPL'

-- case: a session is held against the sessions before it, and the band needs twenty of them
-- span: 2024-01-22T00:00:00Z 2024-02-01T00:00:00Z
-- given: features.off_exchange_sessions
select
    place,
    date '2024-01-01' + cast(place as integer) as session_date,
    timestamptz '2024-01-02 02:00Z' + place * interval 1 day as known_at,
    case when place = 21 then 0.6 when place % 2 = 0 then 0.38 else 0.42 end as offex_ratio,
    case when place = 21 then 60 when place % 2 = 0 then 38 else 42 end as offex_volume
from range(1, 22) as given (place);
-- expect: session_date, symbol, offex_ratio, n_obs, usual_ratio, low_ratio, high_ratio, band_place
values
('2024-01-22', null, 0.6, 20, 0.4, 0.340696813, 0.459303187, 'above'),
('2024-01-22', 'AAPL', 0.6, 20, 0.4, 0.340696813, 0.459303187, 'above'),
('2024-01-21', null, 0.38, 19, null, null, null, null),
('2024-01-21', 'AAPL', 0.38, 19, null, null, null, null);

-- case: all stocks together are their volume off exchange over all of it
-- given: features.off_exchange_sessions
select
    *,
    1 as place,
    date '2024-01-02' as session_date,
    timestamptz '2024-01-03 02:00Z' as known_at
from (values ('AAPL', 100, 50, 0.5), ('MSFT', 300, 30, 0.1)) as given (
    symbol, volume, offex_volume, offex_ratio
);
-- expect: symbol, offex_ratio, volume, offex_volume, n_obs
values (null, 0.2, 400, 80, 0), ('AAPL', 0.5, 100, 50, 0), ('MSFT', 0.1, 300, 30, 0);

-- case: of prints and totals the one with the longer history tells; sessions without a ratio none
-- span: 2024-01-04T00:00:00Z 2024-02-01T00:00:00Z
-- given: features.off_exchange_sessions
select
    *,
    10 as offex_volume,
    date '2024-01-01' + place as session_date,
    timestamptz '2024-01-02 02:00Z' + place * interval 1 day as known_at
from (
    values
    (1, 'totals', 0.4), (2, 'totals', 0.5), (2, 'prints', 0.3), (3, 'totals', null),
    (4, 'prints', 0.35), (4, 'totals', 0.45)
) as given (place, basis, offex_ratio);
-- expect: session_date, symbol, basis, offex_ratio, n_obs
values
('2024-01-03', null, 'totals', 0.1, 1),
('2024-01-03', 'AAPL', 'totals', 0.5, 1),
('2024-01-05', null, 'totals', 0.1, 2),
('2024-01-05', 'AAPL', 'totals', 0.45, 2);
