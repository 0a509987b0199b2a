{#-
  An organisation's name, folded, without the words for its type in front: "Hợp tác xã Hoa Mẫu" and "HTX Hoa mẫu"
  are both 'hoa mau'.
-#}
{% macro name_without_type(expression) -%}
  regexp_replace(
    {{ fold_text(expression) }},
    '^((lien hiep|lh) )?(hop tac xa|htx|lhhtx|quy tin dung nhan dan|qtdnd|to hop tac|tht)( |$)',
    ''
  )
{%- endmacro %}
