"""The reading: a capture's bytes become a Notice. Pure; imports nothing else of dibao.

>>> from cleaners import Capture, clean
"""

from cleaners.clean import clean
from cleaners.records import Attachment, Capture, Entry, Evidence, Notice, Paragraph, Picture, Removal, Span
from cleaners.rules import Rules

__all__ = ["Attachment", "Capture", "Entry", "Evidence", "Notice", "Paragraph", "Picture", "Removal", "Rules", "Span", "clean"]
