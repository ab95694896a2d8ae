-- Nobody is in two places: whoever is held back by any rule is not eligible (§3.1).
-- A run by delta looks at the TKI that changed, a full run and `dbt test` at all of them.
-- depends_on: {{ ref('int_tki__changed') }}
{% set delta = is_delta('judge') %}
select held_back.tki_id

from {{ ref('fct_tki_held_back') }} as held_back
{% if delta %}
    inner join {{ ref('int_tki__changed') }} as changed on held_back.tki_id = changed.tki_id
{% endif %}

inner join {{ ref('fct_tki_eligible') }} as eligible on held_back.tki_id = eligible.tki_id
