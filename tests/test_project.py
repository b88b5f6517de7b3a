"""The promises of docs/house.md that no single module can keep."""

import ast
import re
import statistics
import tomllib
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

ROOT = Path(__file__).parents[1]
PACKAGES = ("crawler", "spiders", "cleaners", "archive")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
DOCUMENTS = [ROOT / "README.md", ROOT / "README.en.md", *sorted((ROOT / "docs").glob("*.md"))]


def functions():
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1


def test_functions_stay_small():
    lengths = dict(functions())
    assert [name for name, lines in lengths.items() if lines > 60] == []
    assert statistics.median(lengths.values()) <= 10
    assert statistics.quantiles(lengths.values(), n=10)[8] <= 27


def test_no_except_swallows_everything():
    broad = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"})
        and not (isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None)  # tidied up and raised again
    ]
    assert broad == []


def test_every_module_says_what_it_is():
    assert [
        str(path) for path in SOURCES if path.read_text("utf-8").strip() and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ] == []


def test_constraints_are_versions_and_nothing_else():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert [
        line for line in lines if line and not line.startswith("#") and not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)
    ] == []


def test_changelog_knows_the_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def commands(group, prefix=()):
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "list_commands"):
            yield from commands(command, (*prefix, name))
        else:
            yield (*prefix, name), command


def shown(path):
    """Every `dibao ...` line of a page's shell blocks."""
    for block in re.findall(r"```(?:sh|console)\n(.*?)```", path.read_text("utf-8"), re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            match = re.match(r"(?:\$ )?(?:[A-Z_]+=\S+ )*dibao\b(.*?)(?:\s+#.*|\s*[|>].*)?$", line.strip())
            if match:
                yield match.group(1).split()


def find(words):
    from crawler.cli import main

    command = main
    for word in words:
        if hasattr(command, "list_commands") and word in command.list_commands(None):
            command = command.get_command(None, word)
    return command


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path.exists()], ids=lambda path: path.name)
def test_commands_in_the_docs_exist(path):
    for words in shown(path):
        command = find(words)
        known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)} | {"--help", "--version"}
        from crawler.cli import main

        known |= {name for parameter in main.params for name in parameter.opts}
        assert [word for word in words if word.startswith("--") and word.split("=")[0] not in known] == [], words


def test_every_command_is_in_both_readmes_and_has_help():
    from crawler.cli import main

    for path in (ROOT / "README.md", ROOT / "README.en.md"):
        text = path.read_text("utf-8")
        assert [" ".join(name) for name, _ in commands(main) if f"dibao {' '.join(name)}" not in text] == [], path.name
    for name, command in commands(main):
        result = CliRunner().invoke(main, [*name, "--help"])
        assert result.exit_code == 0
        assert [p.name for p in command.params if isinstance(p, click.Option) and not p.help and not p.hidden] == [], name


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path.exists()], ids=lambda path: path.name)
def test_python_examples_in_the_docs_run(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for block in re.findall(r"```python run\n(.*?)```", path.read_text("utf-8"), re.DOTALL):
        exec(compile(block, path.name, "exec"), {})
