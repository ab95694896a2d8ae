{# Numbers of certificates and what is handed over of them (§13.11-13.14), as posko/domain/certificate_number.py and handoff.py have it. #}

{# The running number: the digits after the last dot. #}
{% macro serial_of(number) -%}
  cast(right({{ number }}, 7) as signed)
{%- endmacro %}

{# The number that stands so many places beside this one in its series. #}
{% macro number_beside(number, places) -%}
  concat(left({{ number }}, 14), lpad({{ serial_of(number) }} + {{ places }}, 7, '0'))
{%- endmacro %}

{# One field as the hash of a row takes it: its length, a colon, the text; a dash where there is none. #}
{% macro handed_field(value) -%}
  coalesce(concat(char_length({{ value }}), ':', {{ value }}), '-')
{%- endmacro %}

{# A moment as text, the microseconds only where there are some: as Python writes it. #}
{% macro moment_text(moment) -%}
  concat(
    date_format({{ moment }}, '%Y-%m-%d %H:%i:%s'),
    case when microsecond({{ moment }}) = 0 then '' else concat('.', lpad(microsecond({{ moment }}), 6, '0')) end
  )
{%- endmacro %}
