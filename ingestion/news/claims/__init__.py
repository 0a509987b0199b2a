"""Claims: figures that articles state, with metric, period, geography and quote.

Reads text only; fetching and article extraction happen before, comparison with reports later, in the warehouse. Words
are data (``vocabulary.yml``), the grammar is in ``rules.py``.
"""

from ingestion.news.claims.claim import Claim
from ingestion.news.claims.finder import claims_in_file, find_claims

__all__ = ["Claim", "claims_in_file", "find_claims"]
