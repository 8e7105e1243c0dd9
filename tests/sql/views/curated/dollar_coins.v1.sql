-- case: six quote currencies count as a dollar
-- expect: coin
values ('USD'), ('USDT'), ('USDC'), ('BUSD'), ('FDUSD'), ('TUSD');
