-- case: a company is its ticker, or its number
-- given: features.insider_sentiment
select *
from (
    values
    ('0001600001', 'LNLD', date '2024-01-01', -50, 100, 300, '2024-02-01 05:00Z'),
    ('0001600002', null, date '2024-02-01', 100, 300, 0, '2024-03-01 05:00Z')
) as given (cik, ticker, month_date, sentiment, buy_usd, sell_usd, known_at);
-- expect: entity, month_date, sentiment, net_usd
values
('LNLD', '2024-01-01', -50, -200),
('cik:0001600002', '2024-02-01', 100, 300);
