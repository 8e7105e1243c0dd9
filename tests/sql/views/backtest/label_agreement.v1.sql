-- default: kind = 'stock', horizon = '5 sessions', n_bars = 5, priced_at = '2024-03-01 21:15Z'
-- default: known_at = '2024-03-08 21:15Z'

-- case: kappa is what they agree on beyond chance: of 50, 20 and 15 alike, it is 0.4
-- span: 2024-03-01 2024-04-01
-- given: backtest.moves
select
    n < 25 as is_sigma_2,
    n < 20 or n >= 40 as is_percentile_95,
    case when n < 50 then 'calm' end as regime
from range(50) as t (n);
-- expect: horizon, regime, n, n_sigma_2, n_percentile_95, n_both, agreed_frac, kappa
values
('5 sessions', 'calm', 50, 25, 30, 20, 0.7, 0.4),
('5 sessions', 'all', 50, 25, 30, 20, 0.7, 0.4);

-- case: where neither ever fires there is nothing to agree on, and what one lacks is left out
-- span: 2024-03-01 2024-04-01
-- given: backtest.moves
select
    *,
    'calm' as regime
from (values (false, false), (null, true), (true, null)) as given (is_sigma_2, is_percentile_95);
-- expect: regime, n, agreed_frac, kappa
values
('calm', 1, 1, null),
('all', 1, 1, null);
