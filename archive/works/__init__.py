"""Works: which addresses are one document, why, and what is kept apart (docs/works.md).

Within one site (with its www, m and wap hosts) addresses of one document point to one notice. Copies on other sites are notices of their
own, found through `document_keys`. What people decide by hand is logged, can be undone, and is never decided again by itself.
"""
