{# What ties two TKI together: said once, because the current row and its earlier versions must be read the same way. #}

{# The BLKLN certificate number as a key; empty and placeholder numbers tie nobody to anybody (DV-E07). #}
{% macro certificate_key(number) -%}
  case when {{ number }} not regexp '^[-0. ]*$' then {{ hash_key("trim(" ~ number ~ ")") }} end
{%- endmacro %}

{# The NIK as a key; 16 digits are needed, and the province must exist (DV-I03). #}
{% macro nik_key(nik) -%}
  case when {{ is_nik(nik) }} then {{ hash_key("trim(" ~ nik ~ ")") }} end
{%- endmacro %}

{# 16 digits that begin with the code of a province. #}
{% macro is_nik(nik) -%}
  (trim({{ nik }}) regexp '^[0-9]{16}$'
    and left(trim({{ nik }}), 2) regexp '^(1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])$')
{%- endmacro %}

{#
  A person by ear (DV-I04): consonants of the name without BT, BINTI, BIN and without doubled letters, birth date, birth place.
  Vowels are dropped because they carry the old spelling (OE for U, Y for I). Names with fewer than three consonants are not judged.
#}
{% macro person_key(full_name, birth_place, born_on) -%}
  case
    when {{ born_on }} is not null and upper({{ full_name }}) regexp '([BCDFGHJKLMNPQRSTVWXZ].*){3}'
      then {{ hash_key("concat_ws('|', " ~ name_skeleton(full_name) ~ ", " ~ born_on ~ ", coalesce(upper(trim(" ~ birth_place ~ ")), ''))") }}
  end
{%- endmacro %}

{% macro name_skeleton(full_name) -%}
  {#- A letter written twice is one; two syllables that begin alike (TATI) are two. -#}
  regexp_replace(
    replace(replace(replace(replace(replace(replace(
      regexp_replace(upper({{ full_name }}), ' (BT|BTE|BTI|BINTI|BIN|B)[. ]', ' '),
      'MM', 'M'), 'NN', 'N'), 'LL', 'L'), 'SS', 'S'), 'TT', 'T'), 'RR', 'R'),
    '[^BCDFGHJKLMNPQRSTVWXZ]', '')
{%- endmacro %}

{#
  Groups of TKI that share a key: the key, how many they are, and the first six of them in order of their ID.
  By delta only the groups of the TKI in scope are read.
#}
{% macro tki_sharing(key, delta) -%}
  select
    numbered.{{ key }},
    max(numbered.group_size) as group_size,
    group_concat(case when numbered.place <= 6 then numbered.tki_id end order by numbered.tki_id separator ',') as tki_ids

  from (

    select
        tki.{{ key }},
        tki.tki_id,
        row_number() over (partition by tki.{{ key }} order by tki.tki_id) as place,
        count(*) over (partition by tki.{{ key }}) as group_size

    from {{ ref('int_tki__facts') }} as tki

    inner join (

        {% if delta -%}
        select distinct facts.{{ key }}
        from {{ ref('int_tki__scope') }} as scope
        inner join {{ ref('int_tki__facts') }} as facts on scope.tki_id = facts.tki_id
        where facts.{{ key }} is not null
        {%- else -%}
        select {{ key }}
        from {{ ref('int_tki__facts') }}
        where {{ key }} is not null
        group by {{ key }}
        having count(*) > 1
        {%- endif %}

    ) as shared on tki.{{ key }} = shared.{{ key }}

  ) as numbered

  where numbered.group_size > 1

  group by numbered.{{ key }}
{%- endmacro %}

{# Evidence of a shared key: how many, and up to five of the others. #}
{% macro others_as_json(group) -%}
  cast(json_object(
    'jumlah_tki', {{ group }}.group_size,
    'tki_lain', substring_index(
      trim(both ',' from replace(concat(',', {{ group }}.tki_ids, ','), concat(',', tki.tki_id, ','), ',')), ',', 5
    )
  ) as char)
{%- endmacro %}
