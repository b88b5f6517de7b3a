"""Lines that only repeat the title: the title itself above the text, words of it, captions that are its copies; who speaks."""

from __future__ import annotations

import re

from cleaners.characters.fold import squeeze
from cleaners.noise.draft import Draft, Piece
from cleaners.noise.matching import Matcher
from cleaners.stated.titles import is_fragment, is_title_like, read_speaker, same_title

HEAD = 60
"""Lines looked at for a run of words that only repeat the title."""
UNDER_TITLES = frozenset({"date_line", "date_placeholder", "source"})
"""Categories of the lines that stand under titles."""
OPENS_DOCUMENT = re.compile(r"[(（]\s?(?:19|20)\d\d|第[一二三四五六七八九十\d]{1,3}[章节条編编]|目 ?录|目 ?錄|总则|一、")
"""What stands under the title of a document that the text gives, and not under a picture."""


def count_title_lines(draft: Draft, matcher: Matcher, at: int) -> int:
    """Count the lines from `at` on that are the title: known, or told by what stands below. A title found is noted."""
    if count := _count_split(draft, at):
        return count
    piece = draft.pieces[at]
    if draft.title is not None and same_title(piece.text, draft.title):
        return 1
    titled = _is_titled(draft, matcher, at + 1)
    if draft.title is not None and not titled:
        return 0
    if not is_title_like(piece.text) or not (titled or piece.line is draft.before_blank):
        return 0
    draft.title = draft.title or piece.text
    return 1


def _count_split(draft: Draft, at: int) -> int:
    """Count the two or three lines that make up the title."""
    if draft.title is None:
        return 0
    wanted, said = squeeze(draft.title), ""
    for count, piece in enumerate(draft.pieces[at : at + 3], 1):
        said += piece.folded
        if not piece.folded or not wanted.startswith(said):
            return 0
        if count > 1 and said == wanted:
            return count
    return 0


def _is_titled(draft: Draft, matcher: Matcher, index: int) -> bool:
    """Say whether a line is one that stands under titles (a date, a source, a placeholder) and is not the last."""
    if index + 1 >= len(draft.pieces):
        return False
    found = matcher.match_folded(draft.pieces[index].folded, "head", draft.flags)
    return found is not None and found.rule.category in UNDER_TITLES


def read_speaker_line(draft: Draft, piece: Piece) -> str | None:
    """Give the name in the line under a speech's title that says who speaks."""
    if draft.title is None or not any(category == "date_placeholder" or rule == "title" for _, _, rule, category in draft.taken):
        return None
    return read_speaker(draft.title, piece.text)


def drop_fragments(draft: Draft, matcher: Matcher) -> None:
    """Drop a run of four and more words at the head that the title, subtitle or opening below repeats."""
    head = draft.pieces[:HEAD]
    noise = next((at for at, piece in enumerate(head) if not matcher.match_folded(piece.folded, "head", draft.flags)), len(head))
    end = next((at for at in range(noise, len(head)) if not is_fragment(head[at].text)), len(head))
    run = head[noise:end]
    if len(run) < 4:
        return
    following = squeeze("".join(piece.text for piece in head[end : end + 4]))
    if sum(piece.folded in following for piece in run) >= len(run) - 1:
        draft.take(run, "title_fragments", "title_fragments")


def drop_captions(draft: Draft, _: Matcher) -> None:
    """Drop lines in the text that only repeat the title, as captions of its pictures do; not the title of a document given below."""
    if draft.title is None or len(draft.title) < 6:
        return
    wanted = squeeze(draft.title)
    pieces = draft.pieces
    same = [at for at in range(1, len(pieces)) if pieces[at].folded == wanted and not pieces[at].is_row]
    draft.take(
        (pieces[at] for at in same if at + 1 == len(pieces) or not OPENS_DOCUMENT.match(pieces[at + 1].text)), "caption_dup", "caption_dup"
    )
