-- default: underlying = 'GME', week_date = '2024-02-26', known_at = '2024-03-02 00:00Z'
-- default: closes_at = '2024-03-01 21:00Z', contracts = 1_000, shares = 400_000, os = 0.25
-- default: premium_usd = 1_000_000, n_obs = 52, d_os = 2, os_pr = 1

-- case: the top of its own year fires at the end of the week's last day, low and weak
-- given: features.option_stock_weeks
select 'GME' as underlying;
-- expect: entity, entity_type, happened_at, fired_at, direction, score, confidence, notional_usd,
--     headline, alert_key
values (
    'GME', 'underlying', '2024-03-01 21:00Z', '2024-03-02 00:00Z', 'bear', 39, 0.3, 1_000_000,
    'GME: its options stand for 25 % of the shares traded in the week, '
    'above 100 % of its own last 52 weeks', 'options.stock_volume|GME|2024-02-26'
);

-- case: below the percentile or a million, and without a history, it stays quiet
-- given: features.option_stock_weeks
select *
from (
    values
    ('BELOW', 0.989999, 1_000_000), ('CHEAP', 1, 999_999), ('NEW', null, 1_000_000)
) as given (underlying, os_pr, premium_usd);
-- expect: nothing

-- case: a dividend that calls are traded for looks the same (noisy)
-- given: features.option_stock_weeks
select
    3 as os,
    0.99 as os_pr;
-- expect: score, direction
values (20, 'bear');
