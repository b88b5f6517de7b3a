"""Whether a regular expression is sure to take time in proportion to the text: a check of its form, no more.

Python's `re` backtracks, so an expression with a repeat inside a repeat, or several open repeats, can take quadratic or
exponential time on a hostile page. The check is stricter than need be: at most one open repeat, none inside a repeated
group, no back reference, no look-around.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"(?P<escape>\\.)|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<look>\(\?<?[=!])|(?P<back>\(\?P=)|(?P<open>\((?:\?(?:P<\w+>|:))?)"
    r"|(?P<close>\))|(?P<repeat>[*+?]|\{\d{0,9},?\d{0,9}\})|(?P<other>.)",
    re.DOTALL,
)
BOUND = 200
"""A repeat of at most this many is closed: lines longer than that are never boilerplate."""


def why_not_linear(pattern: str) -> str:
    """Say why a regular expression might not be linear, or nothing when it is."""
    groups: list[bool] = []  # for each open group: whether it holds a repeat that is more than optional
    held = False  # the same of what was read last
    openers = 0
    for token in _TOKEN.finditer(pattern):
        kind, text = token.lastgroup, token.group()
        if kind in {"look", "back"} or (kind == "escape" and text[1].isdigit()):
            return f"{text} is a look-around or a back reference"
        if kind == "open":
            groups.append(False)
        elif kind == "close":
            held = groups.pop() if groups else False
            if held and groups:
                groups[-1] = True
            continue
        elif kind == "repeat" and text != "?":
            if held:
                return f"{text} repeats a group that holds a repeat"
            openers += _is_open(text)
            if openers > 1:
                return "it holds more than one open repeat"
            if groups:
                groups[-1] = True
        held = False
    return ""


def _is_open(repeat: str) -> bool:
    if repeat in "*+":
        return True
    low, _, high = repeat.strip("{}").partition(",")
    return int(high or 0 if "," in repeat else low) > BOUND or repeat.endswith(",}")
