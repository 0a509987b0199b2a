-- The reject rules of the fund family, over every readable submission.
with position as (
  {{ readable_rows(ref('stg_bieu_04a')) }}
),

sides as (
  {{ compare_reported(
    'fund.balance', 'position', 'Dư nợ đầu kỳ + giải ngân − thu nợ − xóa nợ = dư nợ cuối kỳ', ['fund_name'],
    key={'fund': 'fund_code'}, measure='outstanding_vnd', every_revision=true,
    expected=['opening_outstanding_vnd', 'disbursed_vnd', '-repaid_vnd', '-written_off_vnd'],
    actual=['outstanding_vnd'],
  ) }}

  union all

  {{ compare_reported(
    'fund.groups', 'position', 'Dư nợ nhóm 1 đến nhóm 5 = dư nợ cuối kỳ', ['fund_name'],
    key={'fund': 'fund_code'}, measure='debt_groups_vnd', every_revision=true,
    expected=['outstanding_vnd'],
    actual=['debt_group_1_vnd', 'debt_group_2_vnd', 'debt_group_3_vnd', 'debt_group_4_vnd', 'debt_group_5_vnd'],
  ) }}
)

{{ residuals_of('sides') }}
