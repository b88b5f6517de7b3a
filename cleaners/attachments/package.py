"""Zipped packages (OOXML, OFD): members by name and as XML, within limits of number, size and unpacked bytes.

What is read counts against a budget, so a bomb costs at most `BUDGET` bytes however it is built. XML is parsed without
entities, network or DTD; what is not well-formed is read as far as it goes and the package says so (`damaged`).
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

from cleaners.errors import FileError

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml names its element type so
MOST_MEMBERS = 20_000
BUDGET = 192 << 20
"""Bytes that may be unpacked of one package."""
LARGEST = 64 << 20
"""Bytes of one XML part."""


class Package:
    """One opened package; `damaged` is set once a member could not be read whole."""

    def __init__(self, body: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(body))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
            raise FileError(f"not a readable ZIP package: {error}", "damaged") from error
        infos = self._zip.infolist()
        if len(infos) > MOST_MEMBERS:
            raise FileError(f"the package holds {len(infos)} members, more than {MOST_MEMBERS}", "too_large")
        self._members = {_key(info.filename): info for info in reversed(infos)}
        self._left = BUDGET
        self.damaged = False
        self.names = tuple(info.filename.replace("\\", "/") for info in infos)

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._members

    def unpacked(self) -> int:
        """Bytes the members say they unpack to."""
        return sum(info.file_size for info in self._members.values())

    def read(self, name: str) -> bytes | None:
        """Unpack one member; None where there is none or it is damaged; an encrypted or oversized one is an error."""
        info = self._members.get(_key(name))
        if info is None:
            return None
        if info.flag_bits & 1:
            raise FileError(f"{name} is encrypted", "encrypted")
        if info.file_size > min(LARGEST, self._left):
            raise FileError(f"{name} unpacks to {info.file_size} bytes, more than may be read", "too_large")
        self._left -= info.file_size
        try:
            return self._zip.read(info)
        except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError, OSError):
            self.damaged = True
            return None

    def xml(self, name: str) -> Element | None:
        """Parse one member; None where there is none or nothing of it can be parsed."""
        body = self.read(name)
        if body is None:
            return None
        root, whole = parse_xml(body)
        self.damaged |= not whole
        return root


def parse_xml(body: bytes) -> tuple[Element | None, bool]:
    """Parse XML strictly, then as far as it goes; gives the root and whether it was whole."""
    for recover in (False, True):
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True, recover=recover
        )
        try:
            return etree.fromstring(body, parser), not recover
        except (etree.XMLSyntaxError, ValueError):
            continue
    return None, False


def local(element: Element) -> str:
    """Give an element's name without its namespace: transitional and strict OOXML, and OFD 1.0 and 1.1, differ in nothing else."""
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


def children(element: Element | None) -> Iterator[Element]:
    """Give the elements right below one; none below None."""
    return iter(()) if element is None else element.iterchildren("*")


def child(element: Element | None, name: str) -> Element | None:
    """Give the first child of that local name."""
    return next((found for found in children(element) if local(found) == name), None)


def value(element: Element | None, name: str = "val") -> str | None:
    """Give an attribute by its local name, whatever namespace it stands in."""
    if element is None:
        return None
    return next((text for key, text in element.items() if key[key.rfind("}") + 1 :] == name), None)


def number(text: str | None, other: int = 0) -> int:
    """Read a whole number of at most six digits; anything else is `other`."""
    text = (text or "").strip()
    return int(text) if text.removeprefix("-").isascii() and text.removeprefix("-").isdigit() and len(text) < 7 else other


def is_on(element: Element | None) -> bool:
    """Say whether a toggle property stands and is not switched off (ECMA-376-1 17.17.4)."""
    return element is not None and value(element) not in {"0", "false", "off"}


def resolve(base: str, target: str) -> str:
    """Give the name of the member that `target` names when said by the part `base`; a leading / is the package's root."""
    target = target.replace("\\", "/")
    joined = target if target.startswith("/") else posixpath.join(posixpath.dirname(base), target)
    return posixpath.normpath(joined).lstrip("/")


def relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Read a part's relationships: by id, the last word of the type and the member's name (ECMA-376-2 6.5)."""
    folder, name = posixpath.split(part)
    root = package.xml(posixpath.join(folder, "_rels", name + ".rels"))
    found: dict[str, tuple[str, str]] = {}
    for element in children(root):
        if element.get("TargetMode") != "External":
            kind = (element.get("Type") or "").rpartition("/")[2]
            found[element.get("Id") or ""] = (kind, resolve(part, element.get("Target") or ""))
    return found


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
