"""The files that notices link to, read as text: `read` for any of them, by what their bytes are.

>>> from cleaners.attachments import read
>>> read("关于调整公交线路的通知".encode(), name="通知.txt").text
'关于调整公交线路的通知'
"""

from cleaners.attachments.fingerprint import fingerprint
from cleaners.attachments.reading import read, read_here
from cleaners.attachments.records import FLAGS, FileText

__all__ = ["FLAGS", "FileText", "fingerprint", "read", "read_here"]
