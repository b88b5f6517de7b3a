"""The text of one .docx paragraph: runs, fields, symbols, equations, tracked changes, and the boxes anchored in it.

Source: ECMA-376-1 17.3.3 (Run Content), 17.16 (Fields), 22.1 (Office Math). What was deleted under tracked changes or is formatted as
hidden is left out, what was inserted is kept; of a field only its result.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cleaners.attachments.numerals import circled
from cleaners.attachments.package import Element, child, children, is_on, local, value
from cleaners.attachments.symbols import symbol

_SKIPPED = frozenset({"del", "moveFrom", "delText", "delInstrText", "rPr", "pPr", "sdtPr", "sdtEndPr", "rt", "rubyPr", "tblPr", "ctrlPr"})
_SIGNS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(slots=True)
class _Field:
    code: str = ""
    shown: bool = False
    check: str = ""


@dataclass(slots=True)
class Runs:
    """Collects what the runs of a document say, paragraph by paragraph.

    `boxes` are the text boxes met (w:txbxContent), `notes` the (kind, id) of foot- and endnotes, `pictures` counts pictures. With
    `fields` off, codes are left out and everything else is kept: for documents whose fields do not end.
    """

    fields: bool = True
    parts: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    pictures: int = 0
    hidden: bool = False
    changed: bool = False
    open: list[_Field] = field(default_factory=list)

    def take(self, paragraph: Element) -> str:
        """Give the text of one paragraph."""
        self.parts = []
        self._walk(paragraph)
        return "".join(self.parts)

    def _put(self, text: str) -> None:
        if not self.fields or all(opened.shown for opened in self.open):
            self.parts.append(text)

    def _walk(self, parent: Element) -> None:
        for element in children(parent):
            name = local(element)
            if name in _SKIPPED:
                self.changed |= name in {"del", "moveFrom"} and len(element) > 0
            elif name == "t":
                self._put(element.text or "")
            elif name in _SIGNS:
                self._put(_SIGNS[name])
            elif name == "r":
                self._run(element)
            else:
                self._other(name, element)

    def _run(self, run: Element) -> None:
        if is_on(child(child(run, "rPr"), "vanish")):
            self.hidden |= any(local(part) == "t" for part in run)
        else:
            self._walk(run)

    def _other(self, name: str, element: Element) -> None:
        if name == "txbxContent":
            self.boxes.append(element)
        elif name in {"footnoteReference", "endnoteReference"}:
            self.notes.append((name.removesuffix("Reference"), value(element, "id") or ""))
        elif name in {"fldChar", "instrText"}:
            self._field(name, element)
        elif name == "sym":
            self._put(_symbol(value(element, "char")))
        elif name == "AlternateContent":
            self._walk_choice(element)
        elif name in _MATH:
            self._put(_MATH[name](self, element))
        else:
            self._picture(name, element)
            self._walk(element)

    def _picture(self, name: str, element: Element) -> None:
        self.pictures += name in {"blip", "imagedata"}
        if name == "textpath" and "WaterMark" not in (value(element.getparent(), "id") or ""):
            self._put(value(element, "string") or "")

    def _walk_choice(self, element: Element) -> None:
        """Read one of the ways a document says the same (ECMA-376-3 7.5): the first that says something."""
        ways = list(children(element))
        way = next((way for way in ways if any(local(part) in {"t", "txbxContent"} for part in way.iter("*"))), ways[0] if ways else None)
        if way is not None:
            self._walk(way)

    def _field(self, name: str, element: Element) -> None:
        if name == "instrText":
            if self.open:
                self.open[-1].code += (element.text or "")[:200]
            return
        kind = value(element, "fldCharType")
        if kind == "begin":
            self.open.append(_Field(check=_check(element)))
        elif kind == "separate" and self.open:
            self.open[-1].shown = True
        elif kind == "end" and self.open:
            ended = self.open.pop()
            if not ended.shown:
                self._put(_result(ended))

    def inner(self, element: Element | None) -> str:
        """Give the text of a part of an equation."""
        if element is None:
            return ""
        kept, self.parts = self.parts, []
        self._walk(element)
        text, self.parts = "".join(self.parts), kept
        return text


def _result(ended: _Field) -> str:
    """Give what a field without a stored result shows: a sign in a circle, the box of a form."""
    return ended.check if "FORMCHECKBOX" in ended.code else circled(ended.code)


def _check(begin: Element) -> str:
    box = child(child(begin, "ffData"), "checkBox")
    checked = child(box, "checked")
    return "☑" if is_on(child(box, "default") if checked is None else checked) else "□"


def _symbol(code: str | None) -> str:
    try:
        return symbol(int(code or "", 16))
    except ValueError:
        return ""


def _grouped(text: str) -> str:
    return f"({text})" if len(text) > 1 and not text.isalnum() else text


def _fraction(runs: Runs, element: Element) -> str:
    return f"{_grouped(runs.inner(child(element, 'num')))}/{_grouped(runs.inner(child(element, 'den')))}"


def _raised(runs: Runs, element: Element) -> str:
    text = runs.inner(child(element, "e"))
    lower, upper = runs.inner(child(element, "sub")), runs.inner(child(element, "sup"))
    return text + (f"_{_grouped(lower)}" if lower else "") + (f"^{_grouped(upper)}" if upper else "")


def _radical(runs: Runs, element: Element) -> str:
    return f"{runs.inner(child(element, 'deg'))}√{_grouped(runs.inner(child(element, 'e')))}"


def _nary(runs: Runs, element: Element) -> str:
    sign = value(child(child(element, "naryPr"), "chr")) or "∫"
    lower, upper = runs.inner(child(element, "sub")), runs.inner(child(element, "sup"))
    text = runs.inner(child(element, "e"))
    return sign + (f"_{_grouped(lower)}" if lower else "") + (f"^{_grouped(upper)}" if upper else "") + f" {text}"


def _delimited(runs: Runs, element: Element) -> str:
    properties = child(element, "dPr")
    begin, end = child(properties, "begChr"), child(properties, "endChr")
    inner = "|".join(runs.inner(part) for part in children(element) if local(part) == "e")
    return ("(" if begin is None else value(begin) or "") + inner + (")" if end is None else value(end) or "")


_MATH = {
    "f": _fraction,
    "sSup": _raised,
    "sSub": _raised,
    "sSubSup": _raised,
    "rad": _radical,
    "nary": _nary,
    "d": _delimited,
}
