-- what:  Short volume of one symbol off the exchanges, session by session.
-- binds: symbol=ALFA

select
    session_date, symbol, short_volume, total_volume,
    round(short_volume / nullif(total_volume, 0), 4) as short_frac
from curated.short_volume
where symbol = $symbol and withdrawn_at is null
order by session_date desc
