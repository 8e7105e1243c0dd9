-- what:     Levels of books that stand better than the best price that their message tells.
-- grain:    one row per changed level or order
-- status:   live
-- every:    1h
-- severity: high
-- needs:    0s

select
    'book_updates' as dataset,
    venue || ':' || pair as entity,
    known_at,
    case
        when book_side = 1 then 'a bid of ' || price || ' above the best of ' || best_bid
        else 'an ask of ' || price || ' below the best of ' || best_ask
    end as reason,
    to_json(struct_pack(
        source := source, epoch := epoch, update_id := update_id, price := price, size := size,
        best_bid := best_bid, best_ask := best_ask
    )) as evidence
from raw.book_updates
where
    not is_gone
    and size > 0
    and ((book_side = 1 and price > best_bid) or (book_side = -1 and price < best_ask))
