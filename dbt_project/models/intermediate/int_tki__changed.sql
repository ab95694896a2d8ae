{{ config(keys=['primary key (tki_id)']) }}
-- Filter stage (§12.2): TKI whose row came, changed or went since the last finished run.
-- Grain: one row per TKI. Empty in a full run, where every TKI is judged.
select distinct tki_id

from {{ ref('stg_bnp2tki__changes') }}

where
    {% if is_delta('judge') -%}
    batch_id > {{ last_batch_id() }}
    {%- else -%}
    1 = 0
    {%- endif %}
