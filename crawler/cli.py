"""The command `dibao`: one verb a task. Verbs are loaded when they are called, so that `--help` and `clean` start fast.

Exit codes: 0 done; 1 a site was not crawled completely, or an imported file was passed over; 2 wrong usage, file or archive.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version

import click

from cleaners.errors import NoticeError

VERBS = {
    "demo": "Crawl a model government web for two days and browse what came.",
    "probe": "Say what a page is and what dibao understands of it.",
    "add": "Write the site file of a column, with a fixture to review.",
    "crawl": "Crawl sites into the archive.",
    "clean": "Read saved pages and print what they say.",
    "import": "Take saved pages, texts and WARC files into the archive.",
    "learn": "Learn the lines of sites' templates; pin or unpin them.",
    "rebuild": "Read all captures again with today's rules.",
    "browse": "Serve the archive for reading in a browser.",
    "search": "Find notices by words, sites, types, issuers and days.",
    "verify": "Find out whether the archive is what it was when it was written.",
    "backup": "Copy the archive, and look the copy over before it counts.",
    "restore": "Put a backup in the place of an archive.",
    "relate": "Find copies, citations, repeals: what notices have to do with one another.",
    "series": "Show which document numbers the archive does not have.",
    "diff": "Show what changed between two versions of a notice.",
    "works": "Show which addresses are one document, and other copies of it.",
    "merge": "Say that two notices are one document.",
    "split": "Say that an address is a document of its own.",
    "undo": "Take a merge, a split or a move made by dibao back.",
    "export": "Write the cleaned notices as a corpus.",
    "schedule": "Crawl what is due, once or for good.",
    "sites": "List the sites that can be crawled.",
    "replay": "Read the fixtures of site files again and show what reads differently.",
    "check": "Check every site file offline, or one site on the web.",
    "takedown": "Withhold a notice, leave a tombstone, keep it from coming back.",
    "events": "Tell what happened: edits, removals, moves, what came back.",
    "status": "Show sites, runs, counts, versions and removals.",
}


class NoticeFailure(click.ClickException):
    """Prints an error of dibao's as one clear line."""

    exit_code = 2


class Verbs(click.Group):
    """Finds each verb in the module of its name under `crawler.commands`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """List the verbs in the order of a newcomer's needs."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load one verb."""
        if cmd_name not in VERBS:
            return None
        module = "crawler.demo.command" if cmd_name == "demo" else f"crawler.commands.{cmd_name}_"
        command = import_module(module).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of verbs without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))

    def invoke(self, ctx: click.Context) -> object:
        """Run, and turn an error raised on purpose into its message and exit code 2."""
        try:
            return super().invoke(ctx)
        except NoticeError as error:
            raise NoticeFailure(str(error)) from error


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version("dibao"), prog_name="dibao")
def main() -> None:
    """邸报 dibao: collect, keep and read what Chinese governments publish.

    The archive is one SQLite file: archive.db in the working folder, or what --db or DIBAO_DB names.
    Exit codes: 0 done, 1 something was left incomplete, 2 wrong usage, file or archive.
    """


if __name__ == "__main__":
    main()
