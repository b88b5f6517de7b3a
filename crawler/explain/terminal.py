"""An account in the terminal: kept lines plain, removed ones marked, struck and with their reason, readable without colour.

Nothing of a page reaches the terminal as a command: control characters are shown as pictures of themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from cleaners.attachments import FileText
from cleaners.records import Evidence
from crawler.explain.account import Account, ToldField, ToldLine
from crawler.explain.words import both, flag_pair, joined, method_pair, pair, place_pair, reader_pair

_INDENT = (0, 0, 0, 2)
FOLDED = 6
"""Lines outside the text that are shown of a longer run: its first and last ones, the rest is counted."""
_UNSEEN = {code: chr(0x2400 + code) for code in range(0x20) if code not in {0x09, 0x0A}} | {0x7F: "␡"}
_UNSEEN |= {code: f"<U+{code:04X}>" for code in (*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2028, 0x2029)}


def visible(text: str) -> str:
    """Show control characters and those that turn the direction of writing as pictures or by number."""
    return text.translate(_UNSEEN)


def show(account: Account, console: Console, *, everything: bool = False) -> None:
    """Print an account; `everything` prints all lines outside the text instead of the first and last of a run."""
    console.print(Rule(Text(visible(account.name)), align="left", characters="━"))
    console.print(Group(*_reading(account)))
    for name, part in (("parts", _fields(account.fields)), ("dates", _fields(account.dates)), ("flags", _flags(account))):
        _section(console, name, list(part))
    _section(console, "text", list(_text(account, everything=everything)))
    _section(console, "hidden", list(_folded(account.hidden, everything=everything)))
    _section(console, "reasons", [Text(f"{both('categories', category)}: {count}") for category, count in account.removed])
    _section(console, "attachments", list(_attachments(account)))
    _section(console, "images", list(_images(account)))
    _section(console, "further", [Text(visible(url)) for url in account.notice.parts])
    _section(console, "spans", [_span(*span) for span in account.spans])


def _section(console: Console, name: str, lines: Sequence[RenderableType]) -> None:
    if not lines:
        return
    console.print()
    console.print(Text(both("ui", name), style="bold"))
    for line in lines:
        console.print(Padding(line, _INDENT, expand=False))


def _labelled(name: str, value: str, style: str = "") -> Text:
    return Text.assemble((f"{name}: ", "cyan"), (visible(value), style))


def _reading(account: Account) -> Iterator[RenderableType]:
    if account.url:
        yield _labelled(both("ui", "address"), account.url)
    yield _labelled(both("ui", "reader"), joined(reader_pair(account.notice.reader)))
    if account.notice.confidence:
        yield _labelled(both("ui", "confidence"), f"{account.notice.confidence:.0%}")
    if account.reader:
        said = replace(account.reader, candidates=tuple((joined(reader_pair(name)), place) for name, place in account.reader.candidates))
        yield from (Padding(line, _INDENT, expand=False) for line in _proof(said))
    if account.page_class:
        yield _labelled(both("ui", "class"), both("values", account.page_class))
    if account.encoding:
        yield _labelled(both("ui", "encoding"), " · ".join(_encoding(account.encoding)))
    yield _labelled(both("ui", "size"), str(account.size))
    if account.file:
        yield from _file(account.file)
    counts = f"{account.kept} {both('ui', 'lines')} · {both('ui', 'removed')} {len(account.notice.removals)} {both('ui', 'pieces')}"
    yield _labelled(both("ui", "kept"), counts)


def _encoding(evidence: Evidence) -> Iterator[str]:
    yield evidence.value
    yield joined(method_pair(evidence.place))
    if evidence.candidates:
        labels = (f"{label} ({joined(method_pair(place))})" for label, place in evidence.candidates)
        yield f"{both('ui', 'labels')}: {', '.join(labels)}"
    if evidence.snippet:
        yield evidence.snippet


def _file(file: FileText) -> Iterator[Text]:
    yield _labelled(both("ui", "file_type"), file.media_type)
    if file.pages:
        yield _labelled(both("ui", "pages"), str(file.pages))
    if file.reason:
        yield _labelled(both("ui", "reason"), file.reason)
    for inside in file.files:
        yield _labelled(both("ui", "contents"), f"{inside.name} {inside.size} {' '.join(inside.flags)}".rstrip())


def _fields(fields: Sequence[ToldField]) -> Iterator[RenderableType]:
    for one in fields:
        yield _labelled(both("fields", one.name), both("values", one.value) or pair("ui", "none")[0], "bold")
        if one.evidence:
            yield from (Padding(line, _INDENT, expand=False) for line in _proof(one.evidence))


def _proof(evidence: Evidence) -> Iterator[Text]:
    if evidence.place or evidence.snippet:
        words = joined(place_pair(evidence.place))
        snippet = f" “{evidence.snippet}”" if evidence.snippet and evidence.snippet != evidence.value else ""
        yield Text(visible(f"{both('ui', 'evidence')}: {words}{snippet}"), style="dim")
    if evidence.precision:
        yield Text(f"{both('ui', 'precision')} {both('values', evidence.precision)}", style="dim")
    if evidence.candidates:
        others = " · ".join(f"{value} ({joined(place_pair(place))})" for value, place in evidence.candidates)
        yield Text(visible(f"{both('ui', 'candidates')}: {others}"), style="dim")


def _flags(account: Account) -> Iterator[RenderableType]:
    for flag, snippet in account.flags:
        yield Text.assemble((f"! {flag} ", "yellow"), joined(flag_pair(flag)))
        if snippet:
            yield Padding(Text(visible(f"“{snippet}”"), style="dim"), _INDENT, expand=False)


def _text(account: Account, *, everything: bool) -> Iterator[RenderableType]:
    if not account.lines:
        yield Text(both("ui", "no_text"), style="yellow")
    for number, line in enumerate(account.lines):
        yield from _outside(account, number, everything=everything)
        yield _line(line)
    yield from _outside(account, len(account.lines), everything=everything)
    if not account.whole:
        yield Text(both("ui", "outside_unknown"), style="yellow")


def _line(line: ToldLine) -> Text:
    """Show one line: `-` before it where all of it went, [-...-] around what went from its midst, reasons behind it."""
    gone = bool(line.removals) and not line.kept.strip()
    shown = Text("- " if gone else "  ", style="red" if gone else "")
    for piece in line.pieces:
        if piece.removal is None:
            shown.append(visible(piece.text).replace("\t", " │ "), style="bold" if line.kind == "heading" else "")
        elif piece.text:
            shown.append(visible(piece.text) if gone else f"[-{visible(piece.text)}-]", style="dim red strike")
        else:
            shown.append("⏎" if not gone else "", style="dim red")
    if line.removals:
        reasons = dict.fromkeys(f"{both('categories', removal.category)} ({removal.rule})" for removal in line.removals)
        shown.append(f"  ← {'; '.join(reasons)}", style="yellow")
    return shown


def place_of(account: Account, number: int) -> str:
    """Name where lines outside the text stand: above, between, below, or all there is."""
    if not account.lines:
        return "outside_all"
    return "outside_above" if not number else "outside_below" if number == len(account.lines) else "outside_between"


def _outside(account: Account, number: int, *, everything: bool) -> Iterator[Text]:
    lines = account.outside.get(number, ())
    if lines:
        yield Text(f"· {both('ui', place_of(account, number))}: {len(lines)} {both('ui', 'lines')}", style="dim italic")
        yield from _folded(lines, everything=everything)


def _folded(lines: Sequence[str], *, everything: bool) -> Iterator[Text]:
    cut = 0 if everything or len(lines) <= FOLDED else len(lines) - FOLDED
    half = FOLDED // 2
    shown = (*lines[:half], *lines[-half:]) if cut else lines
    for number, line in enumerate(shown):
        if cut and number == half:
            yield Text(f"· … {cut} {both('ui', 'lines')} …", style="dim")
        yield Text(f"· {visible(line)}", style="dim")


def _attachments(account: Account) -> Iterator[Text]:
    for one in account.notice.attachments:
        where = one.url or both("ui", "dead")
        yield Text.assemble(visible(one.title), " ", (visible(f"{where} {one.media_type}".strip()), "dim"))


def _images(account: Account) -> Iterator[Text]:
    for one in account.notice.images:
        yield Text.assemble(visible(one.caption), " ", (visible(one.url), "dim"), f" ({both('ui', 'before')} {one.paragraph + 1})")


def _span(kind: str, text: str, paragraph: int) -> Text:
    return Text(f"{both('kinds', kind)}: {visible(text)} ({both('ui', 'paragraph')} {paragraph})")
