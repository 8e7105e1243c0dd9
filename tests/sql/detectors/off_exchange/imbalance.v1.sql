-- default: symbol = 'GME', session_date = '2024-03-01', known_at = '2024-03-02 01:15Z'
-- default: closes_at = '2024-03-01 21:00Z', total_usd = 8_000_000, bull_usd = 4_000_000
-- default: bear_usd = 1_000_000, n_prints = 900, sided_frac = 0.625, bull_share = 0.79
-- default: imbalance = 0.375, n_obs = 60, median60 = 0.01, max_abs60 = 0.2, mz60 = 5

-- case: five times its usual lean to buyers is high
-- given: features.off_exchange_imbalance
select 'GME' as symbol;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'GME', 'underlying', '2024-03-01 21:00Z', '2024-03-02 01:15Z', 'bull', 60, 0.375, 8_000_000,
    'GME: of 8000000 USD off exchange buyers began 50 %, sellers 13 %',
    'off_exchange.imbalance|GME|2024-03-01',
    '{
        "session_date": "2024-03-01", "total_usd": 8000000, "bull_usd": 4000000,
        "bear_usd": 1000000, "n_prints": 900, "sided_frac": 0.625, "bull_share": 0.79,
        "imbalance": 0.375, "mz60": 5, "median60": 0.01, "max_abs60": 0.2, "n_obs": 60,
        "short_history": false
    }'
);

-- case: from three and a half on it is medium, never more than high, and sellers count alike
-- given: features.off_exchange_imbalance
select *
from (
    values
    ('MEDIUM', 3.5, 0.375, 60), ('MOST', 50, 0.375, 60), ('SOLD', -5, -0.375, 60),
    ('SEEN', 5, 0.2, 60), ('SHORT', 5, 0.375, 59)
) as given (symbol, mz60, imbalance, n_obs);
-- expect: entity, direction, score, confidence, evidence ->> 'short_history'
values
('MEDIUM', 'bull', 40, 0.375, 'false'), ('MOST', 'bull', 79, 0.375, 'false'),
('SOLD', 'bear', 60, 0.375, 'false'), ('SEEN', 'bull', 59, 0.375, 'false'),
('SHORT', 'bull', 39, 0.2625, 'true');

-- case: below a bound, and where nothing is known, it stays quiet
-- given: features.off_exchange_imbalance
select *
from (
    values
    ('LITTLE', 3.499999, 0.625, 8_000_000), ('FEW', 5, 0.299999, 8_000_000),
    ('SMALL', 5, 0.625, 4_999_999), ('NEW', null, 0.625, 8_000_000)
) as given (symbol, mz60, sided_frac, total_usd);
-- expect: nothing

-- case: an index that turns over looks like buyers (noisy)
-- given: features.off_exchange_imbalance
select 7 as mz60;
-- expect: direction, score
values ('bull', 67.6);
