"""The databases of the suite: no test looks for the one that another test had for itself."""

from pathlib import Path

import pytest
from django.db import connections


def test_before_each_test_the_settings_name_the_shared_database(
    db: None, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test may leave the name of a dropped database behind, by a patch that is taken back last of all."""
    (conftest,) = [
        plugin
        for plugin in request.config.pluginmanager.get_plugins()
        if getattr(plugin, "__file__", None) == str(Path(__file__).with_name("conftest.py"))
    ]
    settings = connections["default"].settings_dict
    shared = settings["NAME"]
    monkeypatch.setitem(settings, "NAME", "dropped")
    # leaves this test's connection open
    monkeypatch.setattr(conftest, "_point_django_at", lambda name: settings.update(NAME=name))
    conftest.pytest_runtest_setup(request.node)
    assert settings["NAME"] == shared
