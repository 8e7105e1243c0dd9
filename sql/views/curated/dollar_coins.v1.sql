-- what:    Quote currencies that count as a dollar.
-- grain:   one row per coin
-- status:  live

select
    listed.coin  -- as in the second part of a pair's name
from (
    values ('USD'), ('USDT'), ('USDC'), ('BUSD'), ('FDUSD'), ('TUSD')
) as listed (coin)
