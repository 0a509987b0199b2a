-- For clients without table macros (PostgreSQL, BI tools): the present map of 34, all periods.
{{ restated_sql(
  'fct_organisation_count',
  ['org_type_code', 'sector_code'],
  "'34'",
  relations={
    'fact': ref('fct_organisation_count'), 'province': ref('dim_province'), 'count': ref('fct_organisation_count')
  },
) }}
