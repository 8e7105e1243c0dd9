-- default: cusip = '037833100', ticker = 'AAPL', issuer = 'APPLE INC', valid_from = '2000-01-01'

-- case: a correction is a version of its own and withdraws the first
-- given: raw.securities
select *
from (
    values
    ('APPL', '2024-01-01 00:00Z'),
    ('AAPL', '2024-01-02 00:00Z')
) as given (ticker, known_at);
-- expect: cusip, ticker, issuer, valid_from, valid_to, known_at, withdrawn_at
values
('037833100', 'APPL', 'APPLE INC', '2000-01-01', null, '2024-01-01 00:00Z', '2024-01-02 00:00Z'),
('037833100', 'AAPL', 'APPLE INC', '2000-01-01', null, '2024-01-02 00:00Z', null);

-- case: a row that is gone is withdrawn, and another first day is another row
-- given: raw.securities
select *
from (
    values
    ('2000-01-01', '2024-01-01 00:00Z', false),
    ('2000-01-01', '2024-01-02 00:00Z', true),
    ('2010-01-01', '2024-01-03 00:00Z', false)
) as given (valid_from, known_at, is_gone);
-- expect: valid_from, withdrawn_at
values
('2000-01-01', '2024-01-02 00:00Z'),
('2010-01-01', null);
