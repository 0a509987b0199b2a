-- For readers without table macros (PostgreSQL, BI tools): the present map of 34, all periods.
{{ organisation_count_restated_sql(
  ref('fct_organisation_count'), ref('bridge_province_successor'), "'34'"
) }}
