-- What rules and marts count: one report printed on ten pages is one report, a page that was changed counts as it is
-- now. The other claims stay in fct_news_claim.
select *
from {{ ref('int_claim') }}
where is_original
