"""Draws the text of a notice as mark-up, in the manner of the site's editor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from crawler.demo.records import Block, ModelFile, ModelNotice


@dataclass(frozen=True, slots=True)
class Manner:
    """How an editor writes.

    Attributes of a paragraph, white space before it, whether ordinals stand in paragraphs of their own, whether files are
    linked in the text (with which attributes), and whether pictures repeat the title as caption.
    """

    paragraph: str = ""
    indent: str = ""
    lone_ordinals: bool = False
    inline_files: bool = False
    link: str = ""
    captions: bool = False


MANNERS = {
    "trs": Manner(' style="text-indent: 2em; line-height: 30px;"', "　　"),
    "hanweb": Manner(' style="line-height:2;font-size:16px;"', "　　", lone_ordinals=True, inline_files=True, captions=True),
    "ucap": Manner(' style="text-align: justify; text-indent: 32px;"'),
    "vsb": Manner(' class="vsbcontent_start"', "&nbsp;&nbsp;&nbsp;&nbsp;", captions=True),
    "gkmlpt": Manner(' style="text-indent: 2em;"', inline_files=True, link=' class="nfw-cms-attachment" alt="附件"'),
    "docshare": Manner(lone_ordinals=True),
    "generic": Manner("", "　　"),
}


def body_html(notice: ModelNotice, manner: Manner) -> Markup:
    """Give the notice's pictures, paragraphs and tables as HTML."""
    parts = [*_pictures(notice, manner), *_blocks(notice, manner)]
    return Markup("\n").join(parts)


def _pictures(notice: ModelNotice, manner: Manner) -> Iterator[Markup]:
    for image in notice.images:
        yield Markup('<p style="text-align: center;"><img src="{}" alt="" width="600"></p>').format(_path(image))
        if manner.captions:
            yield Markup('<p style="text-align: center;">{}</p>').format(notice.title)


def _blocks(notice: ModelNotice, manner: Manner) -> Iterator[Markup]:
    for kind, run in groupby(notice.paragraphs, key=lambda block: block.kind):
        blocks = list(run)
        if kind == "row":
            yield _table(blocks)
        else:
            yield from (_paragraph(notice, block, manner) for block in blocks)


def _table(rows: list[Block]) -> Markup:
    lines = [Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(cell) for cell in row.cells)) for row in rows]
    return Markup('<table border="1" cellspacing="0">\n{}\n</table>').format(Markup("\n").join(lines))


def _paragraph(notice: ModelNotice, block: Block, manner: Manner) -> Markup:
    opening = Markup(f"<p{manner.paragraph}>{manner.indent}")  # noqa: S704 - ours, not the page's
    if block.kind == "heading":
        return opening + Markup("<strong>{}</strong></p>").format(block.text)
    if block.text in {notice.signatory, f"{notice.addressee}："} or _is_date(notice, block):
        edge = "left" if block.text.endswith("：") else "right"
        return Markup('<p style="text-align: {};">{}</p>').format(edge, block.text)
    rest = block.text[len(block.lead) :]
    if block.lead and manner.lone_ordinals:
        return opening + Markup("<strong>{}</strong></p>\n").format(block.lead) + opening + escape(rest) + Markup("</p>")
    lead = Markup("<strong>{}</strong>").format(block.lead) if block.lead else Markup("")
    return opening + lead + _linked(notice, rest, manner) + Markup("</p>")


def _is_date(notice: ModelNotice, block: Block) -> bool:
    return block is notice.paragraphs[-1] and block.text.endswith("日") and len(block.text) < 12


def _linked(notice: ModelNotice, text: str, manner: Manner) -> Markup:
    """Link the 附件说明 to its file where the site does so in the text."""
    file = next((file for file in notice.attachments if manner.inline_files and text.endswith(_stem(file))), None)
    if file is None:
        return escape(text)
    before, name = text[: -len(_stem(file))], _stem(file)
    link = Markup(f'<a href="{{}}"{manner.link}>{{}}</a>').format(_path(file), name)  # noqa: S704 - ours, not the page's
    return escape(before) + link


def _stem(file: ModelFile) -> str:
    return file.title.rpartition(".")[0]


def _path(file: ModelFile) -> str:
    """Give the file's address without scheme and host."""
    return "/" + file.url.split("/", 3)[3]
