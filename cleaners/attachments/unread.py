"""Files of kinds that are not read: a record that says so, and what to do."""

from __future__ import annotations

from cleaners.attachments.records import FileText, unsupported

_NEXT = {
    "7z": "It is a 7z archive, for which there is no reader: unpack it with 7-Zip and import the files.",
    "ppt": "It is a PowerPoint presentation, which is not read: save it as PDF and import that.",
    "odt": "It is an OpenDocument text, which is not read: save it as DOCX or PDF and import that.",
    "ceb": "It is a CEB document, which only its maker's reader opens: print it as PDF and import that.",
    "ole2": "It is an OLE2 file without a document in it: open it with the program it was made by.",
    "unknown": "Its first bytes are those of no kind of file that is read: ask the office what it is.",
}


def unread(kind: str) -> FileText:
    """Give the record of a file of a kind without a reader."""
    if kind == "empty":
        return FileText().flagged("empty", reason="The file is empty: fetch it again, or ask the office for it.")
    if kind == "locked":
        return FileText().flagged("encrypted", reason="It asks for a password: ask the office for a copy without one.")
    return unsupported(_NEXT[kind])
