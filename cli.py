"""The command `luubao`: registers the commands, and holds nothing else."""

from __future__ import annotations

import sys

from commands.entry import run
from commands.registry import Registered, application

app = application(
    Registered("fetch", "Every day", "Fetch articles by their URLs, read them and keep them."),
    Registered("crawl", "Every day", "Crawl newspapers: find what is new, read it and keep it."),
    Registered("search", "Every day", "Search the kept articles for words."),
    Registered("list", "Every day", "List the kept articles, newest first.", module="listing"),
    Registered("show", "Every day", "Show one article to read."),
    Registered("open", "Every day", "Open an article in the browser, live or as it was kept.", module="opening"),
    Registered("serve", "Every day", "Read, search and compare the archive in the browser."),
    Registered("cite", "Every day", "Cite articles: BibTeX or CSL-JSON.", module="citing"),
    Registered("log", "Versions", "List all that happened to one article."),
    Registered("diff", "Versions", "Show word by word what changed between two versions."),
    Registered("changes", "Versions", "List what newspapers changed in articles, the latest first."),
    Registered("reparse", "Versions", "Read the kept pages again by today's rules."),
    Registered("parse", "Pages and newspapers", "Read pages, keep nothing, and tell where each value came from."),
    Registered("sites", "Pages and newspapers", "Show, check and write the rules that newspapers are read by."),
    Registered("export", "In and out", "Write articles to a file that other programs read."),
    Registered("extract", "In and out", "Read stored pages, as import does, into a dataset of Parquet files."),
    Registered("import", "In and out", "Keep pages and articles from files as a crawl would have.", module="import_"),
    Registered("stats", "The archive", "Count what the archive holds."),
    Registered("runs", "The archive", "List the crawls and what each brought."),
    Registered(
        "coverage",
        "The archive",
        "Tell what a newspaper's lists named, what was kept of it, and what is missing and why.",
    ),
    Registered("sql", "The archive", "Ask the archive in SQL; nothing can be changed."),
    Registered("doctor", "The archive", "Check the ground that the archive stands on, and say what to do."),
    Registered(
        "duplicates", "The archive", "List articles with nearly one text: reprints, wire stories, edited copies."
    ),
    Registered("verify", "The archive", "Check that the archive is what was written."),
    Registered("backup", "The archive", "Copy the archive, also while a crawl writes in it, and check the copy."),
    Registered("compact", "The archive", "Write the kept pages anew in less room."),
    Registered("merge", "The archive", "Add other archives to this one."),
    Registered("prune", "The archive", "Erase articles with every trace, for ever."),
    Registered("migrate", "The archive", "Bring an archive of an earlier luubao up to date."),
    Registered("schedule", "To begin", "Print the line that leaves the crawl to cron, or put it in your crontab."),
    Registered("config", "To begin", "Show, check and edit your settings, luubao.toml."),
    Registered("demo", "To begin", "Crawl a small newspaper on this machine, and see what luubao does."),
)


def main() -> None:
    """Run the command that the arguments name, and exit with its code."""
    sys.exit(run(app))


if __name__ == "__main__":
    main()
