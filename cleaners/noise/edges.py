"""Noise that rules know: above the text and below it line by line, lines anywhere, and the ends of the last lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaners.noise.draft import Draft, Piece
from cleaners.noise.matching import LEARNED, LONGEST, Match, Matcher, is_sentence_like
from cleaners.noise.titlelines import count_title_lines, read_speaker_line

LONGEST_HEADING = 24
MOST_PROSE = 40
"""Characters in sentences below a heading of other documents up to which it is one."""
LAID_OUT = frozenset(
    {
        "meta_table",
        "date_line",
        "source",
        "breadcrumb",
        "nav",
        "font_size",
        "print",
        "share",
        "prev_next",
        "pager",
        "related",
        "footer",
        "disclaimer",
    }
)
"""Categories of noise that pages lay out in tables of several rows; of other rows only one standing alone is noise."""
LISTED = re.compile(r"\W{0,3}[\[(（]?(?!附件).{6,80}[\[(（\s]{0,3}(?:(?:19|20)?\d{2}[-/.])?\d{1,2}[-/.]\d{1,2}[)\]）]?")
"""A line of a listing: a title and the day behind it."""
DAY = 12
"""Characters of a day with its brackets at most."""
LISTED_BELOW = 3
"""Lines of a listing below a text from which on they are taken for one."""
MOST_BRACKETS = 2
"""Lines with a bracket behind their last sentence up to which it may be a byline; more of them name who does what."""
OWN = 3
"""Paragraphs at each end that are the notice's own whatever was learned, unless a line that a rule knows stands further in."""
LAST = 3
"""Lines at the end whose ends are looked at."""
CLOSERS = ("。", "！", "？", "；", "…", "!", "?", ".", "”", "’", '"', "》", "）", ")", "日")
"""What a paragraph or a signature ends with before a byline; after anything else a bracket belongs to the sentence it stands in."""


def drop_anywhere(draft: Draft, matcher: Matcher) -> None:
    """Drop lines that are noise wherever they stand; a line that was met before is met again only when it or the flags changed."""
    known = len(draft.flags)
    for piece in draft.pieces:
        if piece.met == known or piece.is_row:
            continue
        piece.met = known
        found = matcher.match_folded(piece.folded, "any", draft.flags)
        if found and found.rule.action == "drop":
            draft.take_match(piece, found)


def trim_head(draft: Draft, matcher: Matcher) -> None:
    """Drop lines from the first on, title and speaker among them, to the first that is not noise."""
    at, last = 0, ""
    while at < len(draft.pieces):
        piece = draft.pieces[at]
        found = matcher.match_folded(piece.folded, "head", draft.flags)
        if found and found.rule.action == "drop" and not _is_content(draft, at, found, last):
            draft.take_match(piece, found)
            last = found.rule.category
            at += 1
        elif count := count_title_lines(draft, matcher, at):
            draft.take(draft.pieces[at : at + count], "title" if count == 1 else "title.split", "title")
            at += count
        elif name := read_speaker_line(draft, piece):
            draft.fields.append(("speaker", name, piece.text))
            draft.take([piece], "speaker_line", "speaker_line")
            at += 1
        elif count := _count_learned(draft, matcher, range(at, len(draft.pieces)), "head"):
            draft.take(draft.pieces[at : at + count], LEARNED, LEARNED)
            at += count
        else:
            return


def trim_tail(draft: Draft, matcher: Matcher) -> None:
    """Drop lines from the last up to the first that is not noise."""
    at, last = len(draft.pieces) - 1, ""
    while at >= 0:
        piece = draft.pieces[at]
        found = matcher.match_folded(piece.folded, "tail", draft.flags)
        if found and found.rule.action in {"drop", "rest"} and not _is_content(draft, at, found, last):
            draft.take_match(piece, found)
            last = found.rule.category
            at -= 1
        elif count := _count_learned(draft, matcher, range(at, -1, -1), "tail"):
            draft.take(draft.pieces[at - count + 1 : at + 1], LEARNED, LEARNED)
            at -= count
        else:
            return


def _count_learned(draft: Draft, matcher: Matcher, places: range, place: str) -> int:
    """Count the learned lines that `places`, from an edge inwards, begin with; none where they may be the notice's own.

    They are the template's where a line that a rule knows (or the title) stands further in, or where they are more than the notice's
    own paragraphs at its ends could be.
    """
    if not matcher.has_learned:
        return 0
    count = next((number for number, at in enumerate(places) if not _is_learned(draft, matcher, at, place)), len(places))
    if not 0 < count < len(places):
        return 0
    return count if count > OWN or _is_known(draft, matcher, places[count], place) else 0


def _is_learned(draft: Draft, matcher: Matcher, at: int, place: str) -> bool:
    piece = draft.pieces[at]
    if piece.is_row or not matcher.is_learned(piece.folded):
        return False
    found = matcher.match_folded(piece.folded, place, draft.flags)
    return found is None or found.rule.action != "keep"


def _is_known(draft: Draft, matcher: Matcher, at: int, place: str) -> bool:
    found = matcher.match_folded(draft.pieces[at].folded, place, draft.flags)
    if found and found.rule.action in {"drop", "rest"} and not _is_content(draft, at, found, ""):
        return True
    return place == "head" and bool(count_title_lines(draft, matcher, at))


def _is_content(draft: Draft, at: int, found: Match, last: str) -> bool:
    """Say whether a line is one of the notice's own although a rule knows its words: a row among rows, a line out of its company."""
    if found.rule.after and found.rule.after != last:
        return True
    if not draft.pieces[at].is_row or found.rule.category in LAID_OUT:
        return False
    return any(piece.is_row and not piece.gone for piece in (*draft.pieces[max(0, at - 1) : at], *draft.pieces[at + 1 : at + 2]))


def drop_rest(draft: Draft, matcher: Matcher) -> None:
    """Drop a heading of other documents (相关文章) with all below it, when that is no running text."""
    below: list[Piece] = []
    prose = 0
    cut: tuple[int, Match] | None = None
    for piece in reversed(draft.pieces):
        if found := _heading_of_others(piece, below, draft, matcher):
            cut = len(below) + 1, found
        below.append(piece)
        if not piece.is_links and is_sentence_like(piece.text):
            prose += len(piece.text)
        if prose > MOST_PROSE:
            break
    if cut is not None:
        count, found = cut
        draft.take(draft.pieces[-count:], found.rule.name, found.rule.category)


def drop_list(draft: Draft, _: Matcher) -> None:
    """Drop the last lines where several are the links of a listing: a title and its day each."""
    others: list[Piece] = []
    for piece in reversed(draft.pieces):
        if not (piece.line.links and LISTED.fullmatch(piece.text) and 2 * piece.line.links + DAY >= len(piece.text)):
            break
        others.append(piece)
    if len(others) >= LISTED_BELOW:
        draft.take(others[::-1], "related_list", "related")


def _heading_of_others(piece: Piece, below: Sequence[Piece], draft: Draft, matcher: Matcher) -> Match | None:
    """Give the rule that knows a line as a heading of other documents; a longer one names the first and has links below."""
    length = len(piece.text)
    if piece.is_row or length > LONGEST or (length > LONGEST_HEADING and not _are_links(below)):
        return None
    found = matcher.match_folded(piece.folded, "tail", draft.flags)
    if found is None or (length <= LONGEST_HEADING and found.rule.action == "rest"):
        return found
    return found if found.rule.category == "related" and _are_links(below) else None


def _are_links(pieces: Sequence[Piece]) -> bool:
    return bool(pieces) and all(piece.is_links for piece in pieces)


def cut_ends(draft: Draft, matcher: Matcher) -> None:
    """Cut bylines off the ends of the last lines, where a sentence is over before them."""
    if sum(piece.text.endswith((")", "）")) for piece in draft.pieces) > MOST_BRACKETS:
        return
    for piece in draft.pieces[-LAST:]:
        if not piece.is_row and (cut := matcher.cut(piece.text)) and piece.text[: cut.start].rstrip().endswith(CLOSERS):
            draft.cut(piece, cut)
