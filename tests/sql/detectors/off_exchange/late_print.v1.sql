-- default: symbol = 'IBM', venue = 'FINRA', trade_id = 'a', session_date = '2024-03-01'
-- default: traded_at = '2024-03-01 15:00:00Z', known_at = '2024-03-01 15:20:00Z', price = 100
-- default: size = 20_000, value_usd = 2_000_000, report_delay_s = 1_200, counts_volume = true
-- default: trade_class = 'late', is_offex = true

-- case: the rule book's print of 10:00 that is told at 10:20 is a late signature
-- given: curated.equity_prints
select 'IBM' as symbol;
-- expect: entity, happened_at, fired_at, direction, score, confidence, headline,
--     evidence ->> '$.report_delay_s', evidence ->> '$.delay_class',
--     evidence ->> '$.clock_quality', evidence ->> '$.phantom', alert_key
values (
    'IBM', '2024-03-01 15:00:00Z', '2024-03-01 15:20:00Z', null, 5.874571, 0.8,
    'IBM: 20000 shares for 2000000 USD told 20 min after they traded', '1200.0',
    'late_signature', 'false', null,
    'off_exchange.late_print|IBM|FINRA:a@2000000.000000|2024-03-01'
);

-- case: ten million are a medium one
-- given: curated.equity_prints
select *
from (values ('less', 9_999_999), ('ten', 10_000_000), ('more', 100_000_000))
    as given (symbol, value_usd);
-- expect: entity, score
values ('less', 5.874571), ('ten', 40), ('more', 59);

-- case: no condition says that it is late: a clock may be wrong
-- given: curated.equity_prints
select 'regular' as trade_class;
-- expect: confidence, evidence ->> '$.clock_quality'
values (0.4, 'true');

-- case: what was executed on another day is told as such
-- given: curated.equity_prints
select
    '2024-02-29 20:00:00Z' as traded_at,
    69_600 as report_delay_s;
-- expect: evidence ->> '$.delay_class', score
values ('previous_day', 18.218567);

-- case: over a twentieth from the market of its publication it is a phantom
-- given: curated.equity_prints
select *
from (
    values
    ('near', 105, 'A'), ('far', 105.11, 'A'), ('below', 94.99, 'A'), ('no quote', 200, 'B'),
    ('old quote', 200, 'C')
) as given (trade_id, price, symbol);
-- given: curated.equity_quotes
select *
from (
    values
    ('A', '2024-03-01 15:19:59Z', 99.95, 100.05), ('A', '2024-03-01 15:20:00Z', 150, 151),
    ('B', '2024-03-01 15:20:00Z', 99.95, 100.05), ('C', '2024-03-01 15:18:59Z', 99.95, 100.05)
) as given (symbol, quoted_at, bid, ask);
-- expect: evidence ->> '$.price', evidence ->> '$.phantom'
values
('105.0', 'false'), ('105.11', 'true'), ('94.99', 'true'), ('200.0', null), ('200.0', null);

-- case: below a quarter of an hour, small ones, and what is no volume stay quiet
-- given: curated.equity_prints
select *
from (
    values
    (899.999999, 2_000_000, true), (1_200, 199_999, true), (1_200, 2_000_000, false)
) as given (report_delay_s, value_usd, counts_volume);
-- expect: nothing

-- case: until it is published nobody knows of it
-- span: 2024-03-01 00:00Z 2024-03-01 15:20Z
-- given: curated.equity_prints
select 'IBM' as symbol;
-- expect: nothing
