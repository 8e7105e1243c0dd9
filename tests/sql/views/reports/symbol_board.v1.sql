-- default: symbol = 'AAPL', ticker = 'AAPL', session_date = '2024-03-04'
-- default: known_at = '2024-03-05 02:00Z', smart_money_index = 60, label = 'moderate_bullish'
-- default: accumulation = 30, confidence = 40, tier = 'medium', divergence = 10, offex_ratio = 0.4
-- default: ratio_label = 'high', cusip = '1', period_end = '2023-12-31', inst_own_pct = 61
-- default: entity = 'AAPL', is_active = true

-- case: each stock's newest session, beside its newest ratio and quarter, and who watches it
-- span: 2024-02-28 2024-03-06
-- given: scores.smart_money_index
select *
from (
    values
    ('AAPL', date '2024-03-01', 10), ('AAPL', '2024-03-04', 60), ('MSFT', '2024-03-04', 50)
) as given (symbol, session_date, smart_money_index);
-- given: scores.accumulation
select *
from (
    values (date '2024-03-01', 99), ('2024-03-04', 30)
) as given (session_date, accumulation);
-- given: scores.confidence
select 'AAPL' as symbol;
-- given: scores.divergence
select 'AAPL' as symbol;
-- given: reports.dark_pool_daily
select *
from (
    values (date '2024-03-01', 0.4), ('2024-02-29', 0.9)
) as given (session_date, offex_ratio);
-- given: reports.institutional_quarters
select *
from (
    values ('1', date '2023-12-31', 5, 61), ('2', '2023-12-31', 3, 9), ('1', '2023-09-30', 99, 70)
) as given (cusip, period_end, value_usd, inst_own_pct);
-- given: curated.watchlists
select *
from (
    values ('desk', true, null), ('old', true, timestamptz '2024-03-01 12:00Z')
) as given (watchlist, is_active, withdrawn_at);
-- given: curated.alerts
select *
from (
    values ('a', timestamptz '2024-03-05 12:00Z'), ('b', '2024-02-28 12:00Z')
) as given (alert_key, fired_at);
-- expect: symbol, session_date, smart_money_index, accumulation, off_exchange_frac,
--     off_exchange_date, institutional_pct, confidence_tier, n_alerts, is_watched
values
('AAPL', '2024-03-04', 60, 30, 0.4, '2024-03-01', 61, 'medium', 1, true),
('MSFT', '2024-03-04', 50, null, null, null, null, null, 0, false);
