-- default: security_id = 'GOOG:2004-08-19', ticker = 'GOOG', valid_from = '2004-08-19'
-- default: exchange = 'Q'

-- case: a ticker's end is a version of its own, told when it comes
-- given: raw.tickers
select *
from (
    values
    ('GOOG', '2004-08-19', null, '2004-08-19 04:00Z'),
    ('GOOG', '2004-08-19', '2014-04-03', '2014-04-03 04:00Z'),
    ('GOOGL', '2014-04-03', null, '2014-04-03 04:00Z')
) as given (ticker, valid_from, valid_to, known_at);
-- expect: security_id, ticker, valid_from, valid_to, exchange, known_at, withdrawn_at
values
(
    'GOOG:2004-08-19', 'GOOG', '2004-08-19', null, 'Q',
    '2004-08-19 04:00Z', '2014-04-03 04:00Z'
),
('GOOG:2004-08-19', 'GOOG', '2004-08-19', '2014-04-03', 'Q', '2014-04-03 04:00Z', null),
('GOOG:2004-08-19', 'GOOGL', '2014-04-03', null, 'Q', '2014-04-03 04:00Z', null);

-- case: before it comes nobody knows of it, and what is gone is withdrawn
-- span: 2004-08-01 2014-04-01
-- given: raw.tickers
select *
from (
    values
    ('2004-08-19', null, '2004-08-19 04:00Z', false),
    ('2004-08-19', '2014-04-03', '2014-04-03 04:00Z', false),
    ('2004-08-20', null, '2004-08-20 04:00Z', false),
    ('2004-08-20', null, '2004-08-21 04:00Z', true)
) as given (valid_from, valid_to, known_at, is_gone);
-- expect: valid_from, valid_to, withdrawn_at
values
('2004-08-19', null, null),
('2004-08-20', null, '2004-08-21 04:00Z');
