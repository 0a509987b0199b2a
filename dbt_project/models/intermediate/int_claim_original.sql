-- The claims that rules and marts count: a report printed on ten pages counts once, and only the newest version of a
-- page that changed counts. The other claims stay in fct_news_claim.
select *
from {{ ref('int_claim') }}
where is_original
