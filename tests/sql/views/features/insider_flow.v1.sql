-- default: cik = '0001600001', ticker = 'LNLD', issuer = 'Line Inc', line = 1, side = 1
-- default: owner_cik = 'a', value_usd = 50_000, is_discretionary = true, symbol = 'LNLD'
-- default: bar = '1d'

-- case: purchases less sales of 30 and 90 days, at the insiders' discretion and in all
-- given: features.insider_trades
select *
from (
    values
    ('1', 'a', 1, 100, true, date '2024-01-02', '2024-01-02 22:00Z'),
    ('2', 'b', -1, 30, true, date '2024-01-31', '2024-01-31 22:00Z'),
    ('3', 'b', -1, 500, false, date '2024-02-01', '2024-02-01 22:00Z'),
    ('4', 'c', 1, 7, true, date '2024-03-31', '2024-03-31 21:00Z'),
    ('5', 'c', 1, 9, true, date '2024-04-01', '2024-04-01 21:00Z')
) as given (accession_no, owner_cik, side, value_usd, is_discretionary, available_date, known_at);
-- expect: known_at, net_30d_usd, net_90d_usd, buy_30d_usd, sell_30d_usd, all_net_30d_usd,
--     all_net_90d_usd, n_buyers_30d, n_sellers_30d, is_buy, is_sell
values
('2024-01-02 22:00Z', 100, 100, 100, 0, 100, 100, 1, 0, true, false),
('2024-01-31 22:00Z', 70, 70, 100, 30, 70, 70, 1, 1, false, true),
('2024-02-01 22:00Z', -30, 70, 0, 30, -530, -430, 0, 1, false, false),
('2024-03-31 21:00Z', 7, 77, 7, 0, 7, -423, 1, 0, true, false),
('2024-04-01 21:00Z', 16, -14, 16, 0, 16, -514, 1, 0, true, false);

-- case: an amendment counts from when it is known, and a price that can't be never
-- given: features.insider_trades
select *
from (
    values
    ('1', 100, false, date '2024-01-02', '2024-01-02 22:00Z', '2024-01-05 22:00Z'),
    ('2', 90, null, date '2024-01-05', '2024-01-05 22:00Z', null),
    ('3', 900_000, true, date '2024-01-06', '2024-01-06 22:00Z', null)
) as given (accession_no, value_usd, is_price_odd, available_date, known_at, withdrawn_at);
-- expect: known_at, net_30d_usd
values
('2024-01-02 22:00Z', 100),
('2024-01-05 22:00Z', 90);

-- case: it is set beside what the company is worth, as far as that was known
-- given: features.insider_trades
select *
from (
    values
    ('1', 1_000, date '2024-01-02', '2024-01-02 22:00Z'),
    ('2', 1_000, date '2024-01-05', '2024-01-05 22:00Z'),
    ('3', 1_000, date '2024-01-26', '2024-01-26 22:00Z')
) as given (accession_no, value_usd, available_date, known_at);
-- given: curated.shares_outstanding
select *
from (
    values
    (date '2023-09-30', 100_000, '2023-11-01 22:00Z'),
    (date '2023-12-31', 200_000, '2024-01-04 22:00Z')
) as given (as_of_date, shares, known_at);
-- given: curated.equity_bars
select *
from (
    values
    (date '2024-01-02', 10, '2024-01-02 05:00Z', '2024-01-02 21:15Z'),
    (date '2024-01-05', 20, '2024-01-05 05:00Z', '2024-01-05 21:15Z')
) as given (session_date, close, starts_at, known_at);
-- expect: known_at, market_cap_usd, net_30d_bps, net_90d_bps
values
('2024-01-02 22:00Z', 1_000_000, 10, 10),
('2024-01-05 22:00Z', 4_000_000, 5, 5),
('2024-01-26 22:00Z', null, null, null);
