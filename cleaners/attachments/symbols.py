"""Signs that documents take from symbol fonts, as Unicode."""

from __future__ import annotations

_SIGNS = {
    0xA3: "□", 0xA8: "□", 0x6F: "□", 0x71: "□", 0x72: "□", 0x52: "☑", 0x54: "☒", 0xFE: "☑", 0xFD: "☒", 0xFC: "√", 0xFB: "×",
    0x6C: "●", 0x6E: "■", 0x75: "◆", 0xD8: "➢", 0xE0: "→", 0xA1: "○", 0x9F: "•",
}  # fmt: skip
"""The signs of Wingdings and its kin that stand in forms."""
UNKNOWN = "\ufffd"


def symbol(code: int) -> str:
    """Give the sign of a symbol font's code, which may stand in the private area from U+F000; an unknown one is U+FFFD."""
    if 0xF000 <= code <= 0xF0FF or 0 <= code < 0x20:
        return _SIGNS.get(code & 0xFF, UNKNOWN)
    if code < 0x100:
        return _SIGNS.get(code, chr(code))
    return chr(code) if code < 0xD800 or 0xE000 <= code < 0x10000 else UNKNOWN
