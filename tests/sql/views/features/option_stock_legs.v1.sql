-- default: package_id = 'p', underlying = 'AAPL', symbol = 'AAPL', session_date = '2024-03-01'
-- default: started_at = '2024-03-01 15:00:00Z', known_at = '2024-03-01 15:00:01Z'
-- default: is_stock_tied = true, has_ratio = true, n_legs = 1, multiplier = 100, size = 10
-- default: trade_class = 'contingent', venue = 'FINRA', trade_id = 'a', price = 180
-- default: traded_at = '2024-03-01 15:00:03Z', sequence = 1

-- case: a call and its hundred shares each are a buy-write, a put and they a married put
-- given: features.option_package_legs
select
    package_id, underlying,
    [{ 'put_call': put_call }] as legs
from (
    values ('c', 'AAPL', 'call'), ('p', 'MSFT', 'put')
) as given (package_id, underlying, put_call);
-- given: curated.equity_prints
select
    symbol,
    1_000 as size
from (
    values ('AAPL'), ('MSFT')
) as given (symbol);
-- expect: package_id, known_at, stock_type, shares, hedge_frac, stock_price, stock_trade_id
values
('c', '2024-03-01 15:00:30Z', 'buy_write', 1_000, 1, 180, 'a'),
('p', '2024-03-01 15:00:30Z', 'married_put', 1_000, 1, 180, 'a');

-- case: fewer shares are a hedge by the delta; what covers it goes before what is nearer
-- given: features.option_package_legs
select
    package_id, underlying, n_legs,
    [{ 'put_call': 'call' }] as legs
from (
    values ('one', 'AAPL', 1), ('two', 'MSFT', 2)
) as given (package_id, underlying, n_legs);
-- given: curated.equity_prints
select *
from (
    values
    ('AAPL', 'near', 520, '2024-03-01 15:00:00.1Z'),
    ('AAPL', 'cover', 1_000, '2024-03-01 15:00:09Z'),
    ('MSFT', 'near', 520, '2024-03-01 15:00:00.1Z'), ('MSFT', 'far', 430, '2024-03-01 14:59:58Z')
) as given (symbol, trade_id, size, traded_at);
-- expect: package_id, stock_trade_id, stock_type, hedge_frac
values ('one', 'cover', 'buy_write', 1), ('two', 'near', 'hedged', 0.52);

-- case: an ordinary print, one of another stock or moment, a larger or a late one is no leg
-- given: features.option_package_legs
select
    [{ 'put_call': 'call' }] as legs;
-- given: curated.equity_prints
select *
from (
    values
    ('AAPL', 'regular', 1_000, '2024-03-01 15:00:00Z', '2024-03-01 15:00:01Z', null),
    ('MSFT', 'contingent', 1_000, '2024-03-01 15:00:00Z', '2024-03-01 15:00:01Z', null),
    ('AAPL', 'contingent', 1_000, '2024-03-01 15:00:11Z', '2024-03-01 15:00:12Z', null),
    ('AAPL', 'contingent', 1_001, '2024-03-01 15:00:00Z', '2024-03-01 15:00:01Z', null),
    ('AAPL', 'contingent', 1_000, '2024-03-01 15:00:00Z', '2024-03-01 15:00:31Z', null),
    (
        'AAPL', 'contingent', 1_000, '2024-03-01 15:00:00Z', '2024-03-01 15:00:01Z',
        timestamptz '2024-03-01 15:00:20Z'
    )
) as given (symbol, trade_class, size, traded_at, known_at, withdrawn_at);
-- expect: nothing

-- case: a package that no code ties to stock has no leg of it
-- given: features.option_package_legs
select
    false as is_stock_tied,
    [{ 'put_call': 'call' }] as legs;
-- given: curated.equity_prints
select 1_000 as size;
-- expect: nothing
