-- Nobody is in two places: whoever is held back by any rule is not eligible (§3.1).
select held_back.tki_id

from {{ ref('fct_tki_held_back') }} as held_back

inner join {{ ref('fct_tki_eligible') }} as eligible on held_back.tki_id = eligible.tki_id
