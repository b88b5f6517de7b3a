"""What notices have to do with one another: copies and who published first, citations, repeals, validity (docs/relations.md).

`relate` is the pass, incremental and repeatable; what it finds stands in the tables of `archive.schema.relations`.
"""

from archive.relations.leads import Lacking, lacking
from archive.relations.passes import Related, relate, relate_new, summary

__all__ = ["Lacking", "Related", "lacking", "relate", "relate_new", "summary"]
