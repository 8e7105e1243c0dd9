-- default: cik = '0001600001', ticker = 'LNLD', issuer = 'Line Inc', line = 1, side = 1
-- default: owner_cik = 'a', shares = 10, value_usd = 100, is_discretionary = true

-- case: a month is between -100 and 100, by value and by shares, and known when it is over
-- given: features.insider_trades
select *
from (
    values
    ('1', 'a', 1, 30, 100, date '2024-01-02', '2024-01-02 22:00Z'),
    ('2', 'b', -1, 10, 300, date '2024-01-31', '2024-02-01 04:59Z'),
    ('3', 'b', -1, 10, 300, date '2024-02-01', '2024-02-01 05:00Z'),
    ('4', 'c', 1, 10, 300, date '2024-03-01', '2024-03-01 22:00Z')
) as given (accession_no, owner_cik, side, shares, value_usd, available_date, known_at);
-- expect: ticker, month_date, sentiment, sentiment_shares, buy_usd, sell_usd, n_buyers, n_sellers,
--     known_at
values
('LNLD', '2024-01-01', -50, 50, 100, 300, 1, 1, '2024-02-01 05:00Z'),
('LNLD', '2024-02-01', -100, -100, 0, 300, 0, 1, '2024-03-01 05:00Z'),
('LNLD', '2024-03-01', 100, 100, 300, 0, 1, 0, '2024-04-01 04:00Z');

-- case: a month that is not over is not told
-- span: 2024-01-01 2024-02-01 05:00Z
-- given: features.insider_trades
select '2024-01-02 22:00Z' as known_at, date '2024-01-02' as available_date;
-- expect: nothing

-- case: plans, odd prices and what was amended within the month are left out
-- given: features.insider_trades
select
    given.*,
    other.*
from (
    values
    ('1', false, null, null),
    ('2', true, true, null),
    ('3', true, false, '2024-01-20 22:00Z'),
    ('4', true, false, '2024-02-20 22:00Z')
) as given (accession_no, is_discretionary, is_price_odd, withdrawn_at)
cross join (values ('2024-01-02 22:00Z', date '2024-01-02')) as other (known_at, available_date);
-- expect: sentiment, buy_usd
values (100, 100);
