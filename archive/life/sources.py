"""Where each kind of event stands: statements that give rows with at, site, notice, url and title, and what is told beside."""

from __future__ import annotations

from dataclasses import dataclass

from archive.life.kinds import EventKind


@dataclass(frozen=True, slots=True)
class Source:
    """A statement, and the kinds of events its rows tell; its `name` says who tells them."""

    name: str
    kinds: frozenset[EventKind]
    statement: str


_VERSIONS = """
    select v.captured_at as at, a.site, a.notice, a.url, n.title, v.id as version, v.number, v.class, v.capture, v.parts,
        not exists (select 1 from addresses x join versions y on y.address = x.id and y.number = 1 where x.notice = a.notice
            and (y.captured_at, y.id) < (v.captured_at, v.id)) as earliest, b.id as before, b.parts as parts_before
    from versions v join addresses a on a.id = v.address left join notices n on n.id = a.notice
    left join versions b on v.number > 1 and b.address = v.address and b.number = v.number - 1 and b.merged_into is null
    where v.merged_into is null and v.number {which}
"""

# an attached file is told with the notice that links to it; `stands_at` is another address of the notice, met since this one last answered
_STATES = """
    select {at} as at, a.site, coalesce(a.notice, p.notice) as notice, a.url, n.title, s.state, s.first_seen, s.last_before, s.confirmed,
        s.evidence, b.state as state_before, b.evidence as evidence_before, iif(a.notice is null, a.url, null) as file,
        (select x.url from addresses x join address_states y on y.address = x.id
            where x.notice = a.notice and x.id <> a.id and x.first_seen > s.last_before
                and 'twin' not in (x.pointer_reason, a.pointer_reason) and y.state in ('live', 'changed')
                and y.first_seen < coalesce(s.ended, '~') and coalesce(y.ended, '~') > s.first_seen
            order by y.first_seen limit 1) as stands_at
    from address_states s join addresses a on a.id = s.address
    left join address_states b on b.address = s.address and b.number = s.number - 1
    left join attachments f on a.notice is null and f.id = (select min(id) from attachments where url = a.url)
    left join addresses p on p.id = f.address left join notices n on n.id = coalesce(a.notice, p.notice)
    where s.number > 1 and (a.notice is not null or p.notice is not null) and {only}
"""

_COSMETIC = """
    select c.captured_at as at, a.site, a.notice, a.url, n.title, r.version, r.capture
    from readings r join captures c on c.id = r.capture join addresses a on a.id = c.address left join notices n on n.id = a.notice
    where r.cosmetic = 1
"""

# what the list shows under another address by then was not left out
_UNLISTED = """
    select i.ended as at, c.site, a.notice, e.url, coalesce(n.title, iif(n.id is null, e.title, null)) as title, c.name as channel,
        i.first_seen, i.last_seen, i.ended_run as run, iif(i.rolled_off, 1, null) as rolled_off
    from entry_intervals i join entries e on e.id = i.entry join channels c on c.id = e.channel
    left join addresses a on a.url = e.url left join notices n on n.id = a.notice
    where not exists (
        select 1 from addresses x join entries y on y.url = x.url
        where x.notice = a.notice and x.id <> a.id and y.channel = e.channel and (
            (y.vanished is null and coalesce(y.listed_since, y.first_seen) <= i.ended)
            or exists (select 1 from entry_intervals z where z.entry = y.id and z.first_seen <= i.ended and z.ended > i.ended)))
"""

_RELISTED = """
    select s.at, c.site, a.notice, e.url, coalesce(n.title, iif(n.id is null, e.title, null)) as title, c.name as channel, s.run from (
        select entry, first_seen as at, first_run as run from entry_intervals where number > 1 union all
        select id, listed_since, listed_run from entries where listed_since is not null and vanished is null
    ) s join entries e on e.id = s.entry join channels c on c.id = e.channel
    left join addresses a on a.url = e.url left join notices n on n.id = a.notice
"""

_OUTAGES = """
    select first_seen as at, site, null as notice, null as url, null as title, run, checked, failing, last_seen, evidence from outages
"""

# of several copies the one that none of them reposts is the original: one event a repost
_REPOSTS = """
    select r.found_at as at, n.site, n.id as notice, a.url, n.title, r."to" as original, r.evidence
    from relations r join notices n on n.id = r."from" left join addresses a on a.id = n.address
    where r.kind = 'repost' and r."to" = (
        select x."to" from relations x join notices o on o.id = x."to" where x."from" = r."from" and x.kind = 'repost'
        order by exists (select 1 from relations y where y."from" = x."to" and y.kind = 'repost'), o.issued is null, o.issued, o.id limit 1)
"""

_TAKEDOWNS = """
    select t.made_at as at, n.site, n.id as notice, a.url, iif(t.titled, n.title, null) as title, t.id as takedown, t.mode, t.reason,
        t.lifted_at
    from takedowns t join notices n on n.id = t.notice left join addresses a on a.id = n.address
"""

# a reading by other rules that says something else than the one before it of the same capture
_CLEANER = """
    select strftime('%Y-%m-%dT%H:%M:%S.000000Z', r.read_at, 'unixepoch') as at, a.site, a.notice, a.url, n.title, r.capture, u.fingerprint
    from readings r join captures c on c.id = r.capture join addresses a on a.id = c.address
    join rulesets u on u.id = r.rules left join notices n on n.id = a.notice
    left join readings s on s.id = r.same_as
    left join readings o on o.id = (
        select x.id from readings x where x.capture = r.capture and (x.read_at, x.id) < (r.read_at, r.id)
        order by x.read_at desc, x.id desc)
    left join readings t on t.id = o.same_as
    where r.cause = 'cleaner' and (
        coalesce(r.text_digest, s.text_digest) is not coalesce(o.text_digest, t.text_digest)
        or coalesce(r.parts_digest, s.parts_digest) is not coalesce(o.parts_digest, t.parts_digest)
        or coalesce(r.fields_digest, s.fields_digest) is not coalesce(o.fields_digest, t.fields_digest))
"""

_OF_STATES = frozenset({EventKind.FAILING, EventKind.GONE, EventKind.MOVED, EventKind.BLOCKED, EventKind.RECOVERED, EventKind.REAPPEARED})

SOURCES = (
    Source("versions", frozenset({EventKind.FIRST_SEEN}), _VERSIONS.format(which="= 1")),
    Source("changes", frozenset({EventKind.SUBSTANTIVE, EventKind.METADATA, EventKind.ATTACHMENT}), _VERSIONS.format(which="> 1")),
    Source("states", _OF_STATES - {EventKind.GONE}, _STATES.format(at="s.first_seen", only="1")),
    Source("states", frozenset({EventKind.GONE}), _STATES.format(at="s.confirmed", only="s.confirmed is not null")),
    Source("cosmetic", frozenset({EventKind.COSMETIC}), _COSMETIC),
    Source("unlisted", frozenset({EventKind.UNLISTED}), _UNLISTED),
    Source("relisted", frozenset({EventKind.RELISTED}), _RELISTED),
    Source("outage", frozenset({EventKind.OUTAGE}), _OUTAGES),
    Source("repost", frozenset({EventKind.REPOST}), _REPOSTS),
    Source("takedown", frozenset({EventKind.TAKEDOWN}), _TAKEDOWNS),
    Source("cleaner", frozenset({EventKind.CLEANER}), _CLEANER),
)
