-- default: session_date = '2024-03-01', known_at = '2024-03-02 02:00Z', basis = 'totals'
-- default: closes_at = '2024-03-01 21:00Z', n_obs = 60

-- case: what trades over twice its mean, or is very high in its own year, the most unusual first
-- given: features.off_exchange_volume
select *
from (
    values
    ('MEDIUM', 2.5, 2.4, 3), ('HIGH', 2.9, 3.1, 5), ('SHARE', 1.1, 1.1, 0.5), ('QUIET', 2, 2, 9)
) as given (symbol, volume_ratio30, value_ratio30, mz60);
-- given: features.off_exchange_ratio
select
    *,
    0.6 as offex_ratio
from (
    values
    ('SHARE', 'very_high'), ('QUIET', 'high')
) as given (symbol, ratio_label);
-- expect: place, symbol, legacy_severity, ratio_label, offex_ratio
values
(1, 'HIGH', 'high', null, null),
(2, 'MEDIUM', 'medium', null, null),
(3, 'SHARE', null, 'very_high', 0.6);

-- case: of prints and totals the longer history is shown
-- given: features.off_exchange_volume
select
    *,
    'GME' as symbol,
    4 as volume_ratio30
from (
    values
    ('prints', 59), ('totals', 60)
) as given (basis, n_obs);
-- expect: basis
values ('totals');
