-- default: cik = '0001600001', owner_cik = '0001500001', accession_no = 'form', line = 1
-- default: is_derivative = false, trans_date = '2024-02-05', trans_code = 'P', side = 1
-- default: insider_class = 'open_market_buy', shares = 1_000, price = 10, value_usd = 10_000
-- default: form_type = '4', filing_lag_days = 1, known_at = '2024-02-06 22:00Z'

-- case: derivatives are left out
-- given: curated.insider_rows
select *
from (
    values
    ('shares', false),
    ('options', true)
) as given (accession_no, is_derivative);
-- expect: accession_no, insider_class, value_usd, is_signal, is_discretionary
values ('shares', 'open_market_buy', 10_000, true, true);

-- case: only what was bought or sold in the market, at a price and for more than a little, signals
-- given: curated.insider_rows
select *
from (
    values
    (1, 'P', 1, 1_000),
    (2, 'P', 1, 999.99),
    (3, 'P', 1, null),
    (4, 'S', -1, 10_000),
    (5, 'S', null, 10_000),
    (6, 'S', 1, 10_000),
    (7, 'M', 1, 10_000),
    (8, 'F', -1, 10_000)
) as given (line, trans_code, side, value_usd);
-- expect: line, is_signal
values
(1, true),
(2, false),
(3, false),
(4, true),
(5, true),
(6, false),
(7, false),
(8, false);

-- case: what a plan does is at nobody's discretion; unknown is not planned
-- given: curated.insider_rows
select *
from (
    values
    (1, 'S', true),
    (2, 'S', false),
    (3, 'S', null),
    (4, 'M', false)
) as given (line, trans_code, is_10b5_1);
-- expect: line, is_discretionary
values
(1, false),
(2, true),
(3, true),
(4, false);

-- case: a form 4 is late after five days; a form 5 comes once a year
-- given: curated.insider_rows
select *
from (
    values
    (1, '4', 5),
    (2, '4', 6),
    (3, '4/A', 60),
    (4, '5', 60)
) as given (line, form_type, filing_lag_days);
-- expect: line, is_late_filing
values
(1, false),
(2, true),
(3, true),
(4, false);
