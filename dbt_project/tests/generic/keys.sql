{# The table really has this primary key: asked of the server's dictionary, so it costs the same for ten rows and ten million. #}
{% test has_primary_key(model, columns) %}
  {{ primary_key_differs(model, columns) }}
{% endtest %}

{# A view that neither joins nor groups keeps the key of the table below it. #}
{% test rests_on_key(model, of, columns) %}
  -- depends_on: {{ model }}
  {{ primary_key_differs(of, columns) }}
{% endtest %}
