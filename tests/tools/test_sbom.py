"""The bill of materials names all that the image's lock files pin, and nothing that only tests."""

import re
from typing import Any

import pytest

from tools.sbom import ROOT, bill


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    return bill(traces=False)


def pinned(lock: str) -> set[str]:
    found = re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / lock).read_text(), re.M)
    return {f"pkg:pypi/{name}@{version}" for name, version in found}


def named(made: dict[str, Any]) -> list[str]:
    return [one["purl"] for one in made["components"]]


def test_every_package_of_the_image_is_named_once(made: dict[str, Any]) -> None:
    names = named(made)
    assert pinned("requirements.lock") <= set(names)
    assert any(name.startswith("pkg:npm/preact@") for name in names)
    assert "pkg:npm/graphiql@4.1.2" in names
    assert len(names) == len(set(names))


def test_nothing_is_named_that_only_tests_or_builds(made: dict[str, Any]) -> None:
    assert not [name for name in named(made) if re.search(r"pytest|mypy|ruff|esbuild|vite", name)]
    assert not (pinned("requirements-test.lock") - pinned("requirements-traces.lock")) & set(
        named(made)
    )


def test_the_image_that_sends_traces_has_more(made: dict[str, Any]) -> None:
    more = set(named(bill(traces=True))) - set(named(made))
    assert any("opentelemetry-sdk" in name for name in more)


def test_it_is_the_same_whenever_it_is_made_and_of_the_format(made: dict[str, Any]) -> None:
    assert made == bill(traces=False)
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    for one in made["components"]:
        assert re.fullmatch(r"pkg:(pypi|npm)/[%\w./-]+@\d[\w.+-]*", one["purl"])
        for hashed in [*one.get("hashes", ()), *one.get("externalReferences", ())]:
            [found] = hashed.get("hashes", [hashed])
            assert len(found["content"]) == {"SHA-256": 64, "SHA-512": 128}[found["alg"]]
