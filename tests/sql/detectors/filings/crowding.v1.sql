-- default: cusip = '037833100', ticker = 'AAPL', period_end = '2024-06-30'
-- default: session_date = '2024-08-14', known_at = '2024-08-14 20:00Z', days_adv = 20
-- default: days_adv60 = 18, adv20 = 5_000_000, median60 = 5_500_000, hedge_shares = 20_000_000
-- default: hedge_usd = 80_000_000, n_hedge_holders = 9, hf_own_pct = 12.5, crowding_pr = 0.995
-- default: n_securities = 1_000, n_holders = 80, d_holders_pct = -2, coverage_frac = 1

-- case: the most crowded of a hundred is medium
-- given: features.crowding
select 'AAPL' as ticker;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'AAPL', 'underlying', '2024-08-14 20:00Z', '2024-08-14 20:00Z', null, 49.5, 0.7, 80_000_000,
    'AAPL: 9 hedge-type managers would sell for 20.0 days',
    'filings.crowding|AAPL|037833100|2024-06-30',
    '{
        "cusip": "037833100", "ticker": "AAPL", "period_end": "2024-06-30",
        "session_date": "2024-08-14", "days_adv": 20, "days_adv60": 18, "adv20": 5000000,
        "median60": 5500000, "hedge_shares": 20000000, "hedge_usd": 80000000,
        "n_hedge_holders": 9, "hf_own_pct": 12.5, "crowding_pr": 0.995, "n_securities": 1000,
        "n_holders": 80, "d_holders_pct": -2, "coverage_frac": 1
    }'
);

-- case: when a tenth of the holders has left it is high, and bearish
-- given: features.crowding
select *
from (
    values
    ('A', 0.99, -9.9),
    ('B', 0.99, -10),
    ('C', 1, -50),
    ('D', 1, null)
) as given (ticker, crowding_pr, d_holders_pct);
-- expect: entity, direction, score
values
('A', null, 40),
('B', 'bear', 60),
('C', 'bear', 79),
('D', null, 59);

-- case: a usual crowd, an hour's selling, a small sum and no volume stay quiet
-- given: features.crowding
select *
from (
    values
    ('USUAL', 0.9899, 20, 80_000_000),
    ('QUICK', 1, 0.9, 80_000_000),
    ('SMALL', 1, 20, 9_999_999),
    ('NONE', null, null, 80_000_000)
) as given (ticker, crowding_pr, days_adv, hedge_usd);
-- expect: nothing

-- case: a thin August looks crowded (noisy)
-- given: features.crowding
select
    40 as days_adv,
    null as ticker,
    8 as days_adv60;
-- expect: entity, evidence ->> '$.days_adv60'
values ('cusip:037833100', '8.0');
