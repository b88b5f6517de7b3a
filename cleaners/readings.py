"""Every reading of a page's fields: from its tags, the lines around its text and those taken out of it, in order of trust."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from cleaners.characters.script import detect
from cleaners.document.people import is_author, read_people
from cleaners.noise.boilerplate import Cleaned
from cleaners.records import Capture, Evidence
from cleaners.source import Source
from cleaners.stated.fields import Dated, Reading, as_republican, choose_text, read_dates
from cleaners.stated.headings import WEAK
from cleaners.stated.labels import Labelled, labels_of
from cleaners.stated.titles import DOCUMENT


@dataclass(frozen=True)
class Readings:
    """The readings of every field, from the tags, the lines around the text and the lines taken out of it."""

    capture: Capture
    source: Source
    cleaned: Cleaned

    @property
    def title(self) -> str | None:
        """The title to believe."""
        return choose_text(tuple(self.titles()))[0]

    @cached_property
    def taken(self) -> tuple[Labelled, ...]:
        """The labelled values of the lines that were taken out of the text."""
        return labels_of(removal.text.strip() for removal in self.cleaned.removals)

    @cached_property
    def script(self) -> str:
        """The script of the cleaned text."""
        return detect("\n".join(text for _, text in self.cleaned.lines))

    def titles(self) -> Iterator[Reading]:
        """Give the titles, the weak ones behind the title line of the text."""
        removed = [Reading(removal.text.strip(), "text") for removal in self.cleaned.removals if removal.rule == "title"]
        yield from (title for title in self.source.titles if title.place not in WEAK)
        yield from removed
        yield from (Reading(text, "text") for _, text in self.cleaned.lines[:1] if DOCUMENT.fullmatch(text))
        yield from (title for title in self.source.titles if title.place in WEAK)

    def of(self, name: str) -> Iterator[Reading]:
        """Give the readings of a field: of tables and labels, of what was taken out, of the text, of <meta> tags."""
        found = self.source.tags.all(name)
        yield from (Reading(one.value, one.place, one.snippet) for one in found if one.place != "meta")
        yield from (Reading(one.value, "label", one.snippet) for one in self.source.labelled if one.field == name)
        yield from (Reading(one.value, "label", one.snippet) for one in self.taken if one.field == name and name != "issued")
        yield from (Reading(value, "text", line) for key, value, line in self.cleaned.fields if key == name)
        yield from (Reading(one.value, one.place, one.snippet) for one in found if one.place == "meta")

    def bylines(self) -> Iterator[tuple[str, Reading]]:
        """Split what stands in brackets behind a text, (source source name): the last word is the author."""
        for key, value, line in self.cleaned.fields:
            if key == "byline":
                *houses, author = value.split()
                yield "author", Reading(author, "text", line)
                if houses:
                    yield "source", Reading(" ".join(houses), "text", line)

    @cached_property
    def people(self) -> dict[str, Reading]:
        """Who wrote, edited and checked it: from the lines around the text, those taken out of it, and its first and last ones."""
        around = (*(one.snippet for one in self.source.labelled), *(removal.text for removal in self.cleaned.removals))
        return dict(read_people(around, [text for _, text in self.cleaned.lines]))

    def text(self, name: str) -> tuple[str | None, Evidence | None]:
        """Give the value of a field to believe, with its evidence."""
        own = [reading for key, reading in self.bylines() if key == name]
        said = [*self.of(name), *own]
        if name == "author":  # an editor is no author; who reports is, where nobody else is named
            said += [self.people["author"]] if "author" in self.people else []
            said = sorted((reading for reading in said if is_author(reading.value)), key=lambda reading: reading.place == "meta")
            said += [self.people["reporter"]] if "reporter" in self.people else []
        return choose_text(said)

    def dates(self) -> list[Dated]:
        """Give the readings of the date of issue."""
        lines = (removal.text.strip() for removal in self.cleaned.removals if removal.category == "date_line")
        removed = (Reading(line, "text") for line in lines if len(line) < 200)
        labelled = (Reading(one.value, "label", one.snippet) for one in self.taken if one.field == "issued")
        updated = (Reading(one.value, "updated", one.snippet) for one in (*self.source.labelled, *self.taken) if one.field == "modified")
        said: Iterable[Reading] = (*self.of("issued"), *labelled, *self.source.dates, *removed, *updated)
        if self.script == "Hant":
            said = map(as_republican, said)
        return read_dates(said, self.capture)
