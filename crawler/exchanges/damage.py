"""Signs that a body is not all there was, where no coding says so: bytes left over, an end that is missing, a page that shrank. Pure.

A page that declares `<html` and lacks `</html>` was cut, or was written so. It is taken for cut where it breaks off within a tag or a
text, or where the last good capture of its address was whole or much longer; a page that comes broken off in the same way twice,
and was never seen otherwise, is what the server publishes.
"""

from __future__ import annotations

from cleaners.records import Capture

SHRANK = 0.7
"""A page without its end that has less than this share of the bytes it had before was cut."""
_HEAD, _TAIL = 4096, 4096
_END_MARKS = ((b"%PDF-", b"%%EOF", 2048), (b"PK\x03\x04", b"PK\x05\x06", 66000))  # ISO 32000-1, 7.5.5; APPNOTE.TXT, 4.3.16


def left_over(surplus: int) -> str:
    """Say that bytes came after the declared end of a body: its Content-Length was too short."""
    return f"{surplus} bytes came after the declared end of the body" if surplus else ""


def broken_off(body: bytes) -> str:
    """Say why a body that only the end of its connection ended may have lost its end: its kind of file has an end mark."""
    if lacks_end(body):
        return "the connection was closed before </html>"
    for magic, mark, tail in _END_MARKS:
        if body.startswith(magic) and mark not in body[-tail:]:
            return f"the file ends without its end mark {mark[:2].decode('ascii')}"
    first, last = body[:64].lstrip()[:1], body[-64:].rstrip()[-1:]
    if first in {b"{", b"["} and last not in {b"}", b"]", b")", b";"}:
        return "the file ends without its end mark }"
    return "the connection ended before the body did" if first == b"<" and last != b">" else ""


def lacks_end(body: bytes) -> bool:
    """Say whether a page begins with `<html` and does not end with `</html>`."""
    return b"<html" in body[:_HEAD].lower() and b"</html" not in body[-_TAIL:].lower()


def cut_short(capture: Capture, before: Capture | None, digest_before: str) -> str:
    """Say why a page without its end was cut, judged by how it ends and by the last good capture of its address.

    `digest_before` is the payload digest of the answer that was taken for damaged just before this one, if any.
    """
    if before is not None:
        shrank = len(capture.body) < SHRANK * len(before.body)
        return f"the page ends without </html>, and {len(before.body)} bytes came before" if shrank or not lacks_end(before.body) else ""
    if capture.payload_digest == digest_before or capture.body[-64:].rstrip()[-1:] == b">":
        return ""
    return "the page ends without </html>"
