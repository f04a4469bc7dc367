"""The newspaper as its editors change it, and the edition that is printed from it at one moment."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Unpack

from commands.newspaper.stories import Facts, Layout, PieceKind, Section, Story, pieces_of, read_texts
from commands.newspaper.truth import Truth, truth_of

HERE = timezone(timedelta(hours=7), "GMT+7")
NAME = "Báo Bến Gió"
PAGE_SIZE = 10


@dataclass(frozen=True, slots=True)
class Edition:
    """The newspaper at one moment: what the pages are made from. Stories stand newest first."""

    now: datetime  # what the clock in the pages' header shows
    sections: tuple[Section, ...]
    stories: tuple[Story, ...]
    removed: tuple[tuple[str, int], ...] = ()  # path and status (404 or 410) of what was taken down
    base_url: str = ""  # http://127.0.0.1:8000, without a slash at its end

    def section(self, section_id: str) -> Section:
        """Return a section by its id; KeyError if there is none."""
        return {section.id: section for section in self.sections}[section_id]

    def of(self, section_id: str) -> tuple[Story, ...]:
        """Return the stories of a section."""
        return tuple(story for story in self.stories if story.section == section_id)

    def find(self, slug: str) -> Story | None:
        """Return a story by its slug, or None."""
        return next((story for story in self.stories if story.slug == slug), None)

    def popular(self) -> tuple[Story, ...]:
        """Return the five stories of `Xem nhiều nhất`: some, and neither the newest nor of one section."""
        return tuple(sorted(self.stories, key=lambda story: story.number * 7919 % 101)[:5])

    def seen_in(self, story: Story) -> tuple[Story, ...]:
        """Return the stories that boxes inside the text lead to."""
        slugs = [piece.text for piece in story.pieces if piece.kind is PieceKind.SEE]
        return self._existing(slugs) if story.layout is Layout.FULL else ()

    def related_to(self, story: Story) -> tuple[Story, ...]:
        """Return the stories of the box that the editors made for this one."""
        return self._existing(story.related)

    def others_than(self, story: Story, count: int = 6) -> tuple[Story, ...]:
        """Return the stories that came before this one in its section, and from the newest on where those end."""
        stories = self.of(story.section)
        here = stories.index(story)
        return (stories[here + 1 :] + stories[:here])[:count]

    def truth(self, story: Story) -> Truth:
        """Return what a reader should find on the page of a story.

        Boxes made for the story are related; on a page that has none the list of other news below the text is.
        """
        boxes = self.seen_in(story) + self.related_to(story)
        stories = boxes or (() if story.layout is Layout.PORTAL else self.others_than(story))
        related = tuple(dict.fromkeys(other.path for other in stories))
        return truth_of(story, self.section(story.section).name, related)

    def _existing(self, slugs: Sequence[str]) -> tuple[Story, ...]:
        return tuple(story for story in map(self.find, slugs) if story)


class Newspaper:
    """The stories of a newspaper, which may change while it is served. Safe to use from several threads."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.clock = clock
        self.sections, stories = read_texts()
        self._stories = {story.slug: story for story in stories}
        self._removed: dict[str, int] = {}
        self._lock = threading.Lock()

    def edition(self, base_url: str = "") -> Edition:
        """Return the newspaper as it is now."""
        now = self.clock().astimezone(HERE)
        with self._lock:
            stories, removed = tuple(self._stories.values()), tuple(self._removed.items())
        newest_first = sorted(stories, key=lambda story: (story.published_at, story.number), reverse=True)
        return Edition(now, self.sections, tuple(newest_first), removed, base_url)

    @property
    def articles(self) -> tuple[Truth, ...]:
        """Return what a reader should find on each article's page, newest first."""
        edition = self.edition()
        return tuple(edition.truth(story) for story in edition.stories)

    def article(self, slug: str) -> Truth:
        """Return what a reader should find on one article's page; KeyError if there is none."""
        return {article.slug: article for article in self.articles}[slug]

    def edit(
        self, slug: str, /, *, at: datetime | None = None, text: str = "", append: str = "", **changes: Unpack[Facts]
    ) -> Truth:
        """Change a story, and note when (default: now).

        `text` is markup that takes the place of the old text, `append` markup that follows it. A new title leaves the
        URL as it is; a new `slug` moves the page, and its old address redirects.
        """
        with self._lock:
            story = self._stories[slug]
            pieces = (pieces_of(text) or story.pieces) + pieces_of(append)
            changes["modified_at"] = at or self.clock()
            edited = replace(self._stories.pop(slug), pieces=pieces, **changes)
            if edited.path != story.path:
                edited = replace(edited, moved_from=(*edited.moved_from, story.path))
            self._stories[edited.slug] = edited
        return self.article(edited.slug)

    def remove(self, slug: str, *, status: int = 404) -> Story:
        """Take a story down: its page answers with this status, and no list names it any more."""
        with self._lock:
            story = self._stories.pop(slug)
            self._removed |= dict.fromkeys((story.path, *story.aliases, *story.moved_from), status)
        return story

    def restore(self, story: Story) -> Truth:
        """Put up again what was taken down."""
        with self._lock:
            self._stories[story.slug] = story
            for path in (story.path, *story.aliases, *story.moved_from):
                self._removed.pop(path, None)
        return self.article(story.slug)

    def publish(self, title: str, text: str, /, *, section: str = "thoi-su", **facts: Unpack[Facts]) -> Truth:
        """Publish a new story, now unless `published_at` says otherwise."""
        facts.setdefault("published_at", self.clock().astimezone(HERE).replace(second=0, microsecond=0))
        facts.setdefault("slug", slug_of(title))
        facts["title"] = title
        with self._lock:
            facts.setdefault("number", 1 + max(story.number for story in self._stories.values()))
            story = Story(section=section, pieces=pieces_of(text), **facts)
            self._stories[story.slug] = story
        return self.article(story.slug)


def slug_of(title: str) -> str:
    """Write a title as part of a URL: lower case, without accents, words parted by hyphens."""
    plain = unicodedata.normalize("NFD", title.lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")
