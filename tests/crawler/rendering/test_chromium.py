"""The browser has no network of its own, and what is missing is named with the way to install it."""

import sys

import pytest

from cleaners.errors import NoticeError
from crawler.rendering import chromium


def test_what_is_missing_is_named(monkeypatch):
    monkeypatch.setattr(chromium, "find_spec", lambda name: None)
    with pytest.raises(NoticeError, match=r"site lanyu .*pip install 'dibao\[js\]'"):
        chromium.require_browser("site lanyu")
    monkeypatch.setattr(chromium, "find_spec", lambda name: object())
    monkeypatch.setenv("DIBAO_CHROMIUM", "/no/such/chromium")
    with pytest.raises(NoticeError, match="apt-get install chromium"):
        chromium.require_browser("site lanyu")
    monkeypatch.setenv("DIBAO_CHROMIUM", sys.executable)
    chromium.require_browser("site lanyu")


def test_the_systems_browser_is_started_without_a_network(monkeypatch):
    monkeypatch.setenv("DIBAO_CHROMIUM", sys.executable)
    options = chromium.launch_options()
    assert options["executable_path"] == sys.executable
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in options["args"]
    assert any(arg.startswith("--proxy-server=") and ".invalid" in arg for arg in options["args"])
    context = chromium.context_options("dibao/1 (+you@example.org)")
    assert (context["user_agent"], context["service_workers"], context["accept_downloads"]) == (
        "dibao/1 (+you@example.org)",
        "block",
        False,
    )
