-- default: symbol = 'AAPL', security_id = 'AAPL', ex_date = '2014-06-09', action = 'split'
-- default: ratio = 7

-- case: a day's ratio is the product of all splits after it, whatever its ticker was
-- given: curated.corporate_actions
select *
from (
    values
    ('AAPL', 'AAPL', 'split', '2005-02-28', 2, '2005-02-28 05:00Z'),
    ('AAPL', 'AAPL', 'dividend', '2014-05-08', null, '2014-05-08 04:00Z'),
    ('AAPL', 'AAPL', 'split', '2014-06-09', 7, '2014-06-09 04:00Z'),
    ('AAPL', 'AAPL', 'split', '2020-08-31', 4, '2020-08-31 04:00Z'),
    ('GOOG:2004-08-19', 'GOOG', 'split', '2010-01-04', 3, '2010-01-04 05:00Z'),
    ('GOOG:2004-08-19', 'GOOGL', 'split', '2014-04-03', 2, '2014-04-03 04:00Z'),
    ('USO', 'USO', 'split', '2020-04-29', 0.125, '2020-04-29 04:00Z')
) as given (security_id, symbol, action, ex_date, ratio, known_at);
-- expect: security_id, from_date, to_date, ratio
values
('AAPL', '0001-01-01', '2005-02-28', 56),
('AAPL', '2005-02-28', '2014-06-09', 28),
('AAPL', '2014-06-09', '2020-08-31', 4),
('GOOG:2004-08-19', '0001-01-01', '2010-01-04', 6),
('GOOG:2004-08-19', '2010-01-04', '2014-04-03', 2),
('USO', '0001-01-01', '2020-04-29', 0.125);

-- case: a split that is announced but not in force, and one that was taken back, change nothing
-- span: 2014-05-01 2014-06-09 04:00Z
-- given: curated.corporate_actions
select *
from (
    values
    ('2005-02-28', 2, '2005-02-28 05:00Z', null),
    ('2006-02-28', 9, '2006-02-28 05:00Z', '2006-03-01 05:00Z'),
    ('2014-06-09', 7, '2014-04-23 20:30Z', null)
) as given (ex_date, ratio, known_at, withdrawn_at);
-- expect: security_id, from_date, to_date, ratio
values ('AAPL', '0001-01-01', '2005-02-28', 2);
