"""Zipped packages (OOXML, OFD): members by name and as XML, within limits of number, size and unpacked bytes.

What is read counts against a budget, so a bomb costs at most `BUDGET` bytes however it is built. XML is parsed without
entities, network or DTD; what is not well-formed is read as far as it goes and the package says so (`damaged`).
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib

from lxml import etree

from cleaners.errors import FileError

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

    def xml(self, name: str) -> etree._Element | None:
        """Parse one member; None where there is none or nothing of it can be parsed."""
        body = self.read(name)
        if body is None:
            return None
        root, whole = parse_xml(body)
        self.damaged |= not whole
        return root


def parse_xml(body: bytes) -> tuple[etree._Element | None, bool]:
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


def local(element: etree._Element) -> str:
    """Give an element's name without its namespace: transitional and strict OOXML, and OFD 1.0 and 1.1, differ in nothing else."""
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


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
    for element in () if root is None else root.iterchildren("*"):
        if element.get("TargetMode") != "External":
            kind = (element.get("Type") or "").rpartition("/")[2]
            found[element.get("Id") or ""] = (kind, resolve(part, element.get("Target") or ""))
    return found


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
