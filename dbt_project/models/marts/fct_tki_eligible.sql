{{
    config(
        delta_part='judge',
        delta_scope='int_tki__changed',
        delta_by='tki_id',
        keys=['key queue (first_batch_id, test_from_on, blkln_code, pptkis_name)']
    )
}}
-- Filter stage (§3.1, §12.2-12.3): TKI that the Konsorsium may register.
-- Grain: one row per TKI. Those kept out are in fct_tki_held_back, one row per reason.
-- depends_on: {{ ref('int_tki__changed') }}
{% set delta = is_delta('judge') %}
with

tki as (

    select facts.*

    from {{ ref('int_tki__facts') }} as facts
    {% if delta %}
        inner join {{ ref('int_tki__changed') }} as changed on facts.tki_id = changed.tki_id
    {% endif %}

    where facts.is_held_back = 0

)

select
    tki_id,
    full_name,
    born_on,
    sector,
    destination,
    destination_iso2,
    blkln_code,
    pptkis_name,
    blkln_certified_on,
    training_started_on,
    training_ended_on,
    training_days,
    received_on,
    test_from_on,
    batch_id,
    first_batch_id

from tki
