-- default: company = '02079K', period_end = '2024-06-30', known_at = '2024-08-10 20:00Z'
-- default: share_type = 'SH', n_classes = 1, cusip = '02079K107', ticker = 'GOOG', cik = '1'

-- case: a holder of two classes is one, who moved between them neither came nor left
-- given: curated.share_classes
select
    given.cusip,
    '02079K' as company
from (values ('02079K107'), ('02079K305'), ('02079K995'), ('02079K994')) as given (cusip);
-- given: features.holder_positions
select *
from (
    values
    ('02079K107', 'GOOG', null, null),
    ('02079K305', 'GOOGL', null, null),
    ('02079K305', 'GOOGL', null, null),
    ('02079K995', 'OLD', null, '2024-08-11 20:00Z'),
    ('02079K994', 'PUT', 'put', null)
) as given (cusip, ticker, put_call, withdrawn_at);
-- given: features.company_positions
select *
from (
    values
    ('1', 2, 'GOOGL', 2_000, 'unchanged', 0, 1_900, null, '2024-08-10 20:00Z'),
    ('2', 1, 'GOOG', 600, 'new', 550, null, null, '2024-08-12 20:00Z'),
    ('3', 0, 'GOOG', 0, 'sold_out', -300, 300, null, '2024-08-11 20:00Z'),
    ('4', 1, 'GOOG', 500, 'increased', 50, 450, null, '2024-08-10 20:00Z'),
    ('5', 1, 'GOOGL', 400, 'exchanged', null, null, null, '2024-08-10 20:00Z'),
    ('6', 1, 'GOOGL', 100, null, null, null, null, '2024-08-10 20:00Z'),
    ('7', 1, 'GOOGL', 100, 'decreased', -100, 350, null, '2024-08-10 20:00Z'),
    ('8', 9, 'OLD', 9_999, 'new', 9_999, 9_999, '2024-08-11 20:00Z', '2024-08-10 20:00Z')
) as given (
    cik, n_classes, ticker, value_usd, holder_change, trade_effect_usd, prev_worth_usd,
    withdrawn_at, known_at
);
-- expect: company, ticker, tickers, n_classes, n_holders, n_several, value_usd, n_compared, n_new,
--     n_sold_out, n_increased, n_decreased, n_exchanged, buy_usd, sell_usd, net_flow_usd,
--     net_change_pct, flow_label, known_at
values (
    '02079K', 'GOOGL', 'GOOG, GOOGL', 2, 6, 1, 3_700, 6, 1, 1, 1, 1, 1, 600, 400, 200, 6.666667,
    'strong_inflow', '2024-08-12 20:00Z'
);

-- case: labels have a dead band, and nothing is said where nobody reported both quarters
-- given: features.holder_positions
select cusip from (values ('A'), ('B'), ('C'), ('D'), ('E'), ('F')) as given (cusip);
-- given: features.company_positions
select *
from (
    values
    ('A', 'increased', 15, 1_000),
    ('B', 'increased', 21, 1_000),
    ('C', 'unchanged', 0.5, 1_000),
    ('D', 'decreased', -21, 1_000),
    ('E', 'decreased', -2, 1_000),
    ('F', null, null, null)
) as given (company, holder_change, trade_effect_usd, prev_worth_usd);
-- expect: company, flow_label, n_compared
values
('A', 'inflow', 1),
('B', 'strong_inflow', 1),
('C', 'neutral', 1),
('D', 'strong_outflow', 1),
('E', 'outflow', 1),
('F', null, 0);
