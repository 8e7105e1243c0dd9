-- default: kind = 'stock', horizon = '5 sessions', n_bars = 5, priced_at = '2024-03-01 21:15Z'

-- case: what has no label is in no rate, and all regimes stand together too
-- span: 2024-03-01 2024-04-01
-- given: backtest.moves
select
    *,
    timestamptz '2024-03-08 21:15Z' + place * interval 1 day as known_at
from (
    values
    (1, 'calm', true), (2, 'calm', false), (3, 'calm', null), (4, 'stressed', true),
    (5, null, false)
) as given (place, regime, is_sigma_2);
-- expect: kind, horizon, label, regime, n, n_moves, base_rate
values
('stock', '5 sessions', 'sigma_2', 'calm', 2, 1, 0.5),
('stock', '5 sessions', 'sigma_2', 'stressed', 1, 1, 1),
('stock', '5 sessions', 'sigma_2', 'unknown', 1, 0, 0),
('stock', '5 sessions', 'sigma_2', 'all', 4, 2, 0.5);

-- case: a move that begins before the span is in no rate
-- span: 2024-03-02 2024-04-01
-- given: backtest.moves
select
    true as is_percentile_99,
    '2024-03-08 21:15Z' as known_at;
-- expect: nothing
