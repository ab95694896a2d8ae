{{ config(keys=['primary key (tki_id)']) }}
-- Filter stage (§3.1, §3.3): TKI whose findings may differ since the last finished run: those that changed, and those that share, or
-- shared before the change, a BLKLN certificate number, a NIK or a name and birth with one of them.
-- Grain: one row per TKI. Empty in a full run, where every TKI is judged.
{% set delta = is_delta('judge') %}
with

changed as (

    select tki_id from {{ ref('int_tki__changed') }}

),

now_and_before as (

    select
        facts.blkln_certificate_key,
        facts.nik_key,
        facts.person_key

    from changed

    inner join {{ ref('int_tki__facts') }} as facts on changed.tki_id = facts.tki_id

    union all

    select
        {{ certificate_key('history.blkln_certificate_no') }},
        {{ nik_key('history.nik') }},
        {{ person_key('history.full_name', 'history.birth_place', 'history.born_on') }}

    from {{ ref('stg_bnp2tki__tki_history') }} as history

    where
        {% if delta -%}
        history.replaced_by_batch_id > {{ last_batch_id() }}
        {%- else -%}
        1 = 0
        {%- endif %}

)

select tki_id from changed
{% for key in ['blkln_certificate_key', 'nik_key', 'person_key'] %}

    union

    select facts.tki_id

    from (select distinct {{ key }} from now_and_before where {{ key }} is not null) as shared

    inner join {{ ref('int_tki__facts') }} as facts on shared.{{ key }} = facts.{{ key }}
{% endfor %}
