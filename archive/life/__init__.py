"""Life on the web: what became of each address and each list entry since it was first seen, and when to look again.

`states` the machine, pure; `clock` when an address is looked at again, pure; `keeping` both in the write path; `outages` what a run says of
a whole site; `lists` what lists show no more; `events` all of it, and the versions, as one timeline. The tables: `archive.schema.life`.
"""
