-- default: cik = '0001234567', manager = 'Line LLC', period_end = '2024-06-30'
-- default: previous_period_end = '2024-03-31', cusip = '037833100', ticker = 'AAPL'
-- default: issuer = 'APPLE INC', share_type = 'SH', known_at = '2024-08-10 20:00Z'
-- default: period_ended_at = '2024-07-01 04:00Z', prev_shares = 100_000, shares = 150_000
-- default: holder_change = 'increased', change_frac = 0.5, prev_value_usd = 10_000_000
-- default: value_usd = 30_000_000, value_change_usd = 20_000_000
-- default: trade_effect_usd = 7_500_000, price_effect_usd = 12_500_000, portfolio_frac = 0.15
-- default: prev_portfolio_frac = 0.05, is_partial = false, accession_no = 'june'
-- default: previous_accession_no = 'march', split_ratio = 1, d_shares = 50_000

-- case: a manager that adds half to its position is worth a mention
-- given: features.holder_changes
select 'AAPL' as ticker;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key, evidence
values (
    'cik:0001234567', 'manager', '2024-07-01 04:00Z', '2024-08-10 20:00Z', 'bull', 7.5, 0.8,
    7_500_000,
    'Line LLC added to AAPL: 100000 to 150000 shares, 7500000 USD traded, 15 % of its portfolio',
    'filings.holder_change|cik:0001234567|037833100|2024-06-30',
    '{
        "cusip": "037833100", "ticker": "AAPL", "issuer": "APPLE INC", "put_call": null,
        "share_type": "SH", "holder_change": "increased", "period_end": "2024-06-30",
        "previous_period_end": "2024-03-31", "prev_shares": 100000, "shares": 150000,
        "split_ratio": 1, "change_frac": 0.5, "company_pct": null,
        "prev_value_usd": 10000000, "value_usd": 30000000, "value_change_usd": 20000000,
        "trade_effect_usd": 7500000, "price_effect_usd": 12500000, "portfolio_frac": 0.15,
        "prev_portfolio_frac": 0.05, "is_partial": false, "accession_no": "june",
        "previous_accession_no": "march"
    }'
);

-- case: a small part, a small sum and nothing at all stay quiet
-- given: features.holder_changes
select *
from (
    values
    ('PART00000', 'increased', 0.049999, 9_000_000),
    ('SUM000000', 'new', null, 999_999.99),
    ('NOTHING00', 'unchanged', 0.004, 9_000_000),
    ('NOPRICE00', 'decreased', -0.5, null)
) as given (cusip, holder_change, change_frac, trade_effect_usd);
-- expect: nothing

-- case: buying is bullish and selling bearish; with puts it is the other way round
-- given: features.holder_changes
select
    given.*,
    other.*
from (
    values
    ('A', null, 'new', null, 1_000_000),
    ('B', null, 'increased', 0.05, 1_000_000),
    ('C', null, 'decreased', -0.05, -1_000_000),
    ('D', null, 'sold_out', -1, -1_000_000),
    ('E', 'call', 'new', null, 1_000_000),
    ('F', 'put', 'new', null, 1_000_000),
    ('G', 'put', 'sold_out', -1, -1_000_000)
) as given (cusip, put_call, holder_change, change_frac, trade_effect_usd)
cross join (values (0.01)) as other (portfolio_frac);
-- expect: alert_key, direction, score, confidence, notional_usd
values
('filings.holder_change|cik:0001234567|A|2024-06-30', 'bull', 1, 0.8, 1_000_000),
('filings.holder_change|cik:0001234567|B|2024-06-30', 'bull', 1, 0.8, 1_000_000),
('filings.holder_change|cik:0001234567|C|2024-06-30', 'bear', 1, 0.8, 1_000_000),
('filings.holder_change|cik:0001234567|D|2024-06-30', 'bear', 1, 0.8, 1_000_000),
('filings.holder_change|cik:0001234567|E call|2024-06-30', 'bull', 1, 0.5, 1_000_000),
('filings.holder_change|cik:0001234567|F put|2024-06-30', 'bear', 1, 0.5, 1_000_000),
('filings.holder_change|cik:0001234567|G put|2024-06-30', 'bull', 1, 0.5, 1_000_000);

-- case: the score grows with what was traded and stays a mention
-- given: features.holder_changes
select *
from (
    values
    ('A', 1_000_000),
    ('B', 10_000_000),
    ('C', 560_000_000),
    ('D', 1_000_000_000),
    ('E', 9_000_000_000)
) as given (cusip, trade_effect_usd);
-- expect: evidence ->> '$.cusip', score
values
('A', 1),
('B', 10),
('C', 15),
('D', 19),
('E', 19);

-- case: an opening of a twentieth of the portfolio is low, whatever it costs
-- given: features.holder_changes
select *
from (
    values
    ('A', 'new', null, 0.049999),
    ('B', 'new', null, 0.05),
    ('C', 'new', null, 0.15),
    ('D', 'new', null, 0.24),
    ('E', 'new', null, 1),
    ('F', 'increased', 0.5, 0.5)
) as given (cusip, holder_change, change_frac, portfolio_frac);
-- expect: evidence ->> '$.cusip', score
values
('A', 7.5),
('B', 20),
('C', 30),
('D', 39),
('E', 39),
('F', 7.5);

-- case: bounds that are parameters move
-- param: min_change_frac = 0.5
-- param: min_trade_usd = 2_000_000
-- param: min_opened_frac = 0.2
-- given: features.holder_changes
select *
from (
    values
    ('A', 'increased', 0.49, 7_500_000, 0.15),
    ('B', 'increased', 0.5, 7_500_000, 0.15),
    ('C', 'increased', 0.5, 1_999_999, 0.15),
    ('D', 'new', null, 7_500_000, 0.2),
    ('E', 'new', null, 7_500_000, 0.19)
) as given (cusip, holder_change, change_frac, trade_effect_usd, portfolio_frac);
-- expect: evidence ->> '$.cusip', score
values
('B', 7.5),
('D', 20),
('E', 7.5);

-- case: a key is answered once, at its first moment, whatever an amendment says
-- given: features.holder_changes
select *
from (
    values
    ('2024-08-10 20:00Z', '2024-08-20 20:00Z', 0.5, 7_500_000),
    ('2024-08-20 20:00Z', null, 0.9, 20_000_000)
) as given (known_at, withdrawn_at, change_frac, trade_effect_usd);
-- expect: fired_at, notional_usd
values ('2024-08-10 20:00Z', 7_500_000);

-- case: an amendment that makes it notable is answered when it is known
-- given: features.holder_changes
select *
from (
    values
    ('2024-08-10 20:00Z', '2024-08-20 20:00Z', 'unchanged', 0.001, 15_000),
    ('2024-08-20 20:00Z', null, 'increased', 0.5, 7_500_000)
) as given (known_at, withdrawn_at, holder_change, change_frac, trade_effect_usd);
-- expect: fired_at, notional_usd
values ('2024-08-20 20:00Z', 7_500_000);

-- case: a later version is not answered again, nor an alert of an earlier span
-- span: 2024-08-15 2024-08-31
-- given: features.holder_changes
select *
from (
    values
    ('AMENDED00', '2024-08-10 20:00Z', '2024-08-20 20:00Z'),
    ('AMENDED00', '2024-08-20 20:00Z', null),
    ('EARLIER00', '2024-08-10 20:00Z', null),
    ('INSIDE000', '2024-08-15 00:00Z', null)
) as given (cusip, known_at, withdrawn_at);
-- expect: alert_key
values ('filings.holder_change|cik:0001234567|INSIDE000|2024-06-30');

-- case: what is not known before the end of the span is not answered
-- span: 2024-08-01 2024-08-10T20:00Z
-- given: features.holder_changes
select 'AAPL' as ticker;
-- expect: nothing

-- case: managers, securities and quarters are alerts of their own
-- given: features.holder_changes
select *
from (
    values
    ('0000000001', '037833100', null, 'SH', '2024-06-30'),
    ('0000000002', '037833100', null, 'SH', '2024-06-30'),
    ('0000000001', '037833100', 'call', 'SH', '2024-06-30'),
    ('0000000001', '037833100', null, 'PRN', '2024-06-30'),
    ('0000000001', '037833100', null, 'SH', '2024-03-31')
) as given (cik, cusip, put_call, share_type, period_end);
-- expect: alert_key, confidence
values
('filings.holder_change|cik:0000000001|037833100|2024-06-30', 0.8),
('filings.holder_change|cik:0000000002|037833100|2024-06-30', 0.8),
('filings.holder_change|cik:0000000001|037833100 call|2024-06-30', 0.5),
('filings.holder_change|cik:0000000001|037833100 PRN|2024-06-30', 0.8),
('filings.holder_change|cik:0000000001|037833100|2024-03-31', 0.8);

-- case: without a ticker it is called as the filer does, and each word has its case
-- given: features.holder_changes
select
    *,
    null as ticker
from (
    values
    ('A', 'new', null, 0, 10, 'put', 'SH', null),
    ('B', 'sold_out', -1, 10, 0, null, 'PRN', 0),
    ('C', 'decreased', -0.5, 10, 5, 'call', 'SH', 0.01)
) as given (
    cusip, holder_change, change_frac, prev_shares, shares, put_call, share_type, portfolio_frac
);
-- expect: headline
values
('Line LLC opened APPLE INC put: 0 to 10 shares, 7500000 USD traded, 0 % of its portfolio'),
(
    'Line LLC closed APPLE INC: 10 to 0 USD of principal, 7500000 USD traded, '
    '0 % of its portfolio'
),
('Line LLC cut APPLE INC call: 10 to 5 shares, 7500000 USD traded, 1 % of its portfolio');

-- case: who moves a hundredth of the company is low, by the newest count that was known
-- given: features.holder_changes
select *
from (
    values
    ('A', 'AAPL', null, 'SH', 99_999),
    ('B', 'AAPL', null, 'SH', -100_000),
    ('C', 'AAPL', null, 'SH', 600_000),
    ('D', 'AAPL', null, 'SH', 9_000_000),
    ('E', 'AAPL', 'call', 'SH', 600_000),
    ('F', 'AAPL', null, 'PRN', 600_000),
    ('G', 'MSFT', null, 'SH', 600_000)
) as given (cusip, ticker, put_call, share_type, d_shares);
-- given: curated.shares_outstanding
select *
from (
    values
    ('AAPL', '2024-03-01', 1_000_000, '2024-03-05 20:00Z'),
    ('AAPL', '2024-05-01', 10_000_000, '2024-05-05 20:00Z'),
    ('AAPL', '2024-07-01', 1_000_000, '2024-07-05 20:00Z'),
    ('AAPL', '2024-06-01', 1_000_000, '2024-09-05 20:00Z'),
    ('MSFT', '2023-05-01', 1_000_000, '2023-05-05 20:00Z')
) as given (symbol, as_of_date, shares, known_at);
-- expect: evidence ->> '$.cusip', score, evidence ->> '$.company_pct'
values
('A', 7.5, '0.99999'),
('B', 20, '1.0'),
('C', 30, '6.0'),
('D', 39, '90.0'),
('E', 7.5, null),
('F', 7.5, null),
('G', 7.5, null);

-- case: a split that nobody has loaded looks like buying (noisy)
-- given: features.holder_changes
select
    200_000 as shares,
    1 as change_frac,
    20_000_000 as prev_value_usd,
    20_000_000 as value_usd,
    0 as value_change_usd,
    15_000_000 as trade_effect_usd,
    -15_000_000 as price_effect_usd;
-- expect: direction, notional_usd, evidence ->> '$.value_change_usd'
values ('bull', 15_000_000, '0.0');

-- case: what went to another manager of the family looks sold, and counts for less (noisy)
-- given: features.holder_changes
select
    0 as shares,
    'sold_out' as holder_change,
    -1 as change_frac,
    -10_000_000 as trade_effect_usd,
    true as is_partial;
-- expect: direction, confidence, evidence ->> '$.is_partial'
values ('bear', 0.5, 'true');
