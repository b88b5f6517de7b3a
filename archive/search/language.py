"""The language of queries: what someone types -> what is asked for (`archive.search.trees`), with remarks on how it was read.

Words parted by white space have to be there all; quotation marks of any kind hold a phrase together; AND, OR, NOT in capitals (or `|`,
`-`), 与 and 或 between two words, parentheses around what belongs together. NOT binds closest, then AND, then OR. A name before a colon is
a filter (`language.toml`). No query is an error: what cannot be read is left out, and a remark says so.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

from archive.search.days import read_days
from archive.search.forms import searchable
from archive.search.trees import And, Dated, Node, Not, Or, Word, stating
from cleaners.characters.fold import fold_aligned, fold_search

MOST_WORDS = 64
DEEPEST = 12
"""Parentheses inside parentheses: FTS5's own parser ends at a hundred of its steps."""

RemarkKind = Literal["ignored", "unclosed", "cut", "number", "joined", "value", "site"]


@dataclass(frozen=True, slots=True)
class Remark:
    """Says how a part of a query was read.

    Kinds: ignored (an operator or bracket with nothing to join), unclosed (a quotation mark), cut (more than `MOST_WORDS` words), number
    (read as a 发文字号), joined (与 or 或 read as an operator), value (of a filter, not to be read, so left out), site (there is none
    of that name).
    """

    kind: RemarkKind
    text: str


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it was read: what it asks for (None: nothing), and remarks on how."""

    text: str
    tree: Node | None = None
    remarks: tuple[Remark, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether it is words and phrases only, all of which have to be there, read as they stand."""
        parts = self.tree.parts if isinstance(self.tree, And) else (self.tree,)
        return not self.remarks and all(isinstance(part, Word) for part in parts if part is not None)


def read_query(text: str) -> Query:
    """Read a query; never an error, whatever stands in it."""
    reader = _Reader(_written(text))
    return Query(text, reader.read(), tuple(dict.fromkeys(reader.remarks)))


@cache
def language() -> dict[str, dict[str, str]]:
    """Give what each word of the language is read as: filters by name in lower case, operators, and what joins two words."""
    tables = tomllib.loads(files(__package__).joinpath("language.toml").read_text("utf-8"))
    return {table: {fold_search(name): meant for meant, names in entries.items() for name in names} for table, entries in tables.items()}


_QUOTES = str.maketrans(dict.fromkeys("“”„‟「」『』〝〞«»", '"'))
_TYPED = re.compile(r'"(?P<quoted>[^"]*)"|(?P<open>[(])|(?P<close>[)])|(?P<minus>-)(?=[^\s)-])|(?P<bare>[^\s"]+)|(?P<lone>")')
_NAMED = re.compile(r"([A-Za-z]{2,10}|[\u4e00-\u9fff]{1,6}):")
# agency, year, serial; blanks and brackets between them as they are typed
_NUMBER = re.compile(
    r"(?P<who>[\u4e00-\u9fff]{1,20}) ?[\[(<《【]?(?P<year>(?:19|20)\d\d)[\])>》】]? ?第?(?P<serial>\d{1,5}) ?号(?=[\s()]|$)"
)
_SPACES = re.compile(r"[^\S\n]+")


def _written(text: str) -> str:
    """Bring width, script and quotation marks to one form; case is kept for the operators."""
    folded = fold_aligned(text).translate(_QUOTES)
    return _SPACES.sub(" ", folded.replace("\0", " "))


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Literal["word", "filter", "and", "or", "not", "(", ")"]
    text: str
    node: Node | None = None


@dataclass
class _Reader:
    """Reads a query from left to right; `place` is where it stands among the tokens."""

    text: str
    remarks: list[Remark] = field(default_factory=list)
    tokens: list[_Token] = field(default_factory=list)
    place: int = 0
    depth: int = 0

    def read(self) -> Node | None:
        self.tokens = self._fit(list(self._split()))
        parts = []
        while self.place < len(self.tokens):
            if (part := self._either()) is not None:
                parts.append(part)
            if self.place < len(self.tokens):  # a bracket that closes nothing
                self._ignore(self.tokens[self.place])
                self.place += 1
        return _of(And, parts)

    # tokens

    def _split(self) -> Iterator[_Token]:
        at, depth = 0, 0
        while at < len(self.text):
            found = _NUMBER.match(self.text, at)
            if found and (number := self._number(found)):
                yield number
                at = found.end()
                continue
            typed = _TYPED.match(self.text, at)
            if not typed:
                at += 1
                continue
            at = typed.end()
            if typed["bare"] is not None:
                at = _end_of_word(self.text, typed.start("bare"), depth)
                yield from self._bare(self.text[typed.start("bare") : at], at)
                at = max(at, self._after)
            elif typed["quoted"] is not None:
                yield _Token("word", typed[0], _word(typed["quoted"]))
            elif typed["lone"]:
                self._remark("unclosed", '"')
            else:
                kind = typed.lastgroup or ""
                depth = max(0, depth + (kind == "open") - (kind == "close"))
                yield _Token({"open": "(", "close": ")", "minus": "not"}[kind], typed[0])  # type: ignore[arg-type]

    _after: int = 0

    def _bare(self, text: str, end: int) -> Iterator[_Token]:
        """Read what stands without quotation marks: an operator, a filter, or a word."""
        self._after = end
        if operator := _operators().get(text):
            yield _Token(operator, text)  # type: ignore[arg-type]
        elif (named := _NAMED.match(text)) and (name := language()["filters"].get(fold_search(named[1]))):
            value = text[named.end() :]
            if not value and (quoted := re.compile(r' ?(?:"([^"]*)"?|([^\s"()]+))').match(self.text, end)):
                value, self._after = quoted[1] or quoted[2] or "", quoted.end()
            yield from self._filter(name, named[1], value)
        elif (node := _word(text)) is not None:
            yield _Token("word", text, node)

    def _filter(self, name: str, typed: str, value: str) -> Iterator[_Token]:
        node: Node | None = None
        if name in {"since", "until", "day"}:
            days = read_days(value, name)
            node = Dated(*days) if days else None
        elif searchable(value):
            node = stating(name, value)
        if node is None:
            self._remark("value", f"{typed}:{value}")
        else:
            yield _Token("filter", f"{typed}:{value}", node)

    def _number(self, found: re.Match[str]) -> _Token | None:
        """Read a 发文字号 whose year stands without brackets, or with blanks around it; one written without blanks is a word as it is."""
        typed = found[0]
        if " " not in typed and not typed[len(found["who"])].isdigit():
            return None
        whole = [f"{found['who']}·{found['year']}·{nth}{found['serial']}号" for nth in ("", "第")]
        as_typed = _of(And, [node for part in typed.split() if (node := _word(part))])
        shown = f"{found['who']}〔{found['year']}〕{found['serial']}号"
        self._remark("number", shown)
        forms = [Word(searchable(form)) for form in whole]
        return _Token("word", typed, Or((*forms, as_typed) if typed[len(found["who"]) :].strip()[0].isdigit() and as_typed else (*forms,)))

    def _fit(self, tokens: list[_Token]) -> list[_Token]:
        """Leave out words beyond the most, and let 与 and 或 join the two words they stand between."""
        kept: list[_Token] = []
        words = 0
        for place, token in enumerate(tokens):
            words += token.kind in {"word", "filter"}
            if words > MOST_WORDS:
                self._remark("cut", str(MOST_WORDS))
                break
            kept.append(self._joining(tokens, place) or token)
        return kept

    def _joining(self, tokens: list[_Token], place: int) -> _Token | None:
        token = tokens[place]
        operator = language()["between"].get(token.text) if token.kind == "word" else None
        between = 0 < place < len(tokens) - 1 and _ends(tokens[place - 1]) and _begins(tokens[place + 1])
        if not operator or not between:
            return None
        self._remark("joined", token.text)
        return _Token("and" if operator == "and" else "or", token.text)

    # grammar: either = every (OR every)*; every = single ((AND) single)*; single = NOT single | ( either ) | word | filter

    def _either(self) -> Node | None:
        parts, operator = [], None
        while True:
            part = self._every()
            if part is not None:
                parts.append(part)
            elif operator:
                self._ignore(operator)
            operator = self._take("or")
            if operator is None:
                return _of(Or, parts)
            if not parts:
                self._ignore(operator)
                operator = None

    def _every(self) -> Node | None:
        parts: list[Node] = []
        while (token := self._peek()) is not None and token.kind not in {"or", ")"}:
            if operator := self._take("and"):
                after = self._peek()
                if not parts or after is None or after.kind in {"and", "or", ")"}:
                    self._ignore(operator)
                continue
            if (part := self._single()) is not None:
                parts.append(part)
        return _of(And, parts)

    def _single(self) -> Node | None:
        token = self.tokens[self.place]
        self.place += 1
        if token.kind == "not":
            return self._negated(token)
        return self._group(token) if token.kind == "(" else token.node

    def _negated(self, operator: _Token) -> Node | None:
        turned = True
        while self._take("not"):
            turned = not turned
        after = self._peek()
        part = self._single() if after is not None and after.kind in {"word", "filter", "("} else None
        if part is None:
            self._ignore(operator)
            return None
        return Not(part) if turned else part

    def _group(self, token: _Token) -> Node | None:
        if self.depth >= DEEPEST:
            self._ignore(token)
            return None
        self.depth += 1
        part = self._either()
        self.depth -= 1
        if not self._take(")"):
            self._ignore(token)
        return part

    def _peek(self) -> _Token | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def _take(self, kind: str) -> _Token | None:
        token = self._peek()
        if token is None or token.kind != kind:
            return None
        self.place += 1
        return token

    def _ignore(self, token: _Token) -> None:
        self._remark("ignored", token.text)

    def _remark(self, kind: RemarkKind, text: str) -> None:
        self.remarks.append(Remark(kind, text))


@cache
def _operators() -> dict[str, str]:
    tables = tomllib.loads(files(__package__).joinpath("language.toml").read_text("utf-8"))["operators"]
    return {name: meant for meant, names in tables.items() for name in names}


def _end_of_word(text: str, start: int, depth: int) -> int:
    """Give where a bare word ends: at white space, a quotation mark, or a bracket that closes a group and not one within the word."""
    inner = 0
    for at in range(start, len(text)):
        character = text[at]
        if character.isspace() or character == '"' or (character == ")" and not inner and depth):
            return at
        inner += (character == "(") - (character == ")" and inner > 0)
    return len(text)


def _word(text: str) -> Word | None:
    form = searchable(text)
    return Word(form) if form else None


def _of(kind: type[And | Or], parts: list[Node]) -> Node | None:
    """Join parts, each once; one alone stands for itself."""
    each = tuple(dict.fromkeys(parts))
    return None if not each else each[0] if len(each) == 1 else kind(each)


def _ends(token: _Token) -> bool:
    return token.kind in {"word", "filter", ")"}


def _begins(token: _Token) -> bool:
    return token.kind in {"word", "filter", "(", "not"}
