-- default: known_at = '2000-01-01 00:00Z'

-- case: a ticker names one security now, or none any more, or several at once
-- span: 1999-01-01 2024-03-01
-- given: curated.tickers
select *
from (
    values
    ('AAPL:1980-12-12', 'AAPL', '1980-12-12', null),
    ('FB:1999-09-29', 'FB', '1999-09-29', '2003-03-29'),
    ('FB:2012-05-18', 'FB', '2012-05-18', '2022-06-09'),
    ('XYZ:2010-01-04', 'XYZ', '2010-01-04', null),
    ('XYZ:2020-01-02', 'XYZ', '2020-01-02', null),
    ('NEW:2024-04-01', 'NEW', '2024-04-01', null)
) as given (security_id, ticker, valid_from, valid_to);
-- expect: ticker, n_securities, ended_date, security_name, other_name
values
('AAPL', 1, null, 'AAPL:1980-12-12', 'AAPL:1980-12-12'),
('FB', 0, date '2022-06-09', null, null),
('XYZ', 2, null, 'XYZ:2010-01-04', 'XYZ:2020-01-02'),
('NEW', 0, null, null, null);

-- case: two CUSIPs of one issuer are one, of two issuers two, and a ticker's own story goes first
-- span: 1999-01-01 2024-03-01
-- given: curated.tickers
select
    'AAPL:1980-12-12' as security_id,
    'AAPL' as ticker,
    '1980-12-12' as valid_from;
-- given: curated.securities
select *
from (
    values
    ('037833100', 'AAPL', '2010-01-01'), ('999999100', 'AAPL', '2010-01-01'),
    ('02079K107', 'ONE', '2010-01-01'), ('02079K305', 'ONE', '2010-01-01'),
    ('111111100', 'TWO', '2010-01-01'), ('222222100', 'TWO', '2010-01-01'),
    ('333333100', null, '2010-01-01')
) as given (cusip, ticker, valid_from);
-- expect: ticker, n_securities, security_name, other_name
values
('AAPL', 1, 'AAPL:1980-12-12', 'AAPL:1980-12-12'),
('ONE', 1, '02079K', '02079K'), ('TWO', 2, '111111', '222222');
