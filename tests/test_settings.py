"""Settings: their defaults, and a clear sentence for each that is wrong or missing."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from secrets import token_hex, token_urlsafe
from typing import Final

import pytest
from pydantic import ValidationError

from app.config import Settings, SettingsError, load_settings, warnings
from app.config.checks import why_guessable
from tests.support.processes import ROOT

SECRET: Final = "a secret of the tests that is long enough"
GATEWAYS: Final = ("health", "identity", "family", "sms")
ELSEWHERE: Final = {f"{system}_url": f"https://{system}.example" for system in GATEWAYS}
PRODUCTION: Final = {
    "environment": "production",
    "secret_key": SECRET,
    "public_url": "https://groups.example",
    **ELSEWHERE,
}


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty working folder, and no settings from outside the test."""
    for name in [name for name in os.environ if name.startswith("GROUPCODE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> "Given":
    return Given(monkeypatch)


class Given:
    """Sets GROUPCODE_* variables."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def load(self, **variables: str) -> Settings:
        """Read the settings with these variables."""
        for name, value in variables.items():
            self._monkeypatch.setenv(f"GROUPCODE_{name.upper()}", value)
        return load_settings()

    def refusals(self, **variables: str) -> list[str]:
        """The sentences with which these variables are refused."""
        with pytest.raises(SettingsError) as refused:
            self.load(**variables)
        return str(refused.value).splitlines()


def reached(settings: Settings, system: str) -> tuple[str, str]:
    """Where an outside system is reached, and with which token."""
    gateway = settings.gateways[system]
    return gateway.url, gateway.token.get_secret_value()


def test_without_any_variable_the_defaults_serve_development(given: Given) -> None:
    settings = given.load()
    assert re.fullmatch(r"sqlite:///.+/groupcode\.sqlite3", settings.database_url)
    assert (settings.redis_url, settings.embedded) == ("", True)
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.environment == "development"
    assert (settings.sandbox_on, settings.sandbox_url) == (True, "")
    assert settings.sandbox_in_process
    assert settings.graphiql_on
    assert (settings.rate_limits, settings.code_limit) == (True, None)
    assert settings.sms_countries == {"CN", "HK", "MO", "TW"}
    assert settings.timezone.key == "Asia/Shanghai"
    assert tuple(settings.gateways) == GATEWAYS
    for system in GATEWAYS:
        assert reached(settings, system) == (f"http://127.0.0.1:8000/sandbox/{system}", "")


WRONG: Final = [
    ("database_url", "mysql://localhost/groupcode"),
    ("database_read_url", "sqlite:///groupcode.sqlite3"),
    ("database_read_url", "postgres://127.0.0.1/x?sslmode=always"),
    ("database_url", "groupcode.sqlite3"),
    ("database_url", ""),
    ("redis_url", "http://localhost:6379"),
    ("port", "65536"),
    ("port", "-1"),
    ("port", "http"),
    ("environment", "staging"),
    ("sandbox", "perhaps"),
    ("sandbox_url", "ftp://sandbox.example"),
    ("rate_limits", "many"),
    ("points_per_person", "0"),
    ("points_per_address", "some"),
    ("introspection", "perhaps"),
    ("documents", "nowhere.json"),
    ("public_url", "https://groups.example:99999"),
    ("allowed_origins", "*"),
    ("allowed_origins", "https://app.example,null"),
    ("allowed_origins", "app.example"),
    ("allowed_origins", "localhost:3000"),
    ("allowed_origins", "https://app.example/path"),
    ("allowed_origins", "https://app.example?a=1"),
    ("allowed_origins", "https://me@app.example"),
    ("allowed_origins", "https://app.example:port"),
    ("allowed_origins", "https://app.example:99999"),
    ("allowed_origins", "https://"),
    ("allowed_origins", "https://app..example"),
    ("allowed_origins", "htps://app.example"),
    ("allowed_origins", "https://*"),
    ("allowed_origins", "https://*.example"),
    ("allowed_origins", "https://app.*.example.org"),
    ("allowed_origins", "https://app*.example.org"),
    ("allowed_origins", "https://*.*.example.org"),
    ("allowed_origins", "https://*.0.0.1"),
    ("allowed_origins", "*.example.org"),
    ("allowed_origins", "http://localhost:*"),
    ("codes_per_address", "0"),
    ("codes_per_address", "all"),
    ("sms_countries", ""),
    ("sms_countries", "CN,China"),
    ("sms_countries", "86"),
    ("health_url", "nonsense"),
    ("identity_url", "https://"),
    ("family_url", "file:///etc/passwd"),
    ("sms_url", "sms.example"),
    ("timezone", "Mars/Olympus_Mons"),
    ("timezone", "../../etc/passwd"),
    ("timezone", ""),
    ("secret_key", "too short"),
    ("secret_key", "x" * 31),
    ("database_url", "postgres://127.0.0.1/x?ssl=true"),
    ("database_url", "postgres://127.0.0.1/x?sslmode=always"),
    ("database_url", "postgres://127.0.0.1/x?sslmode=verify-ca&sslrootcert=/nowhere.pem"),
    *(("host", host) for host in ("", " ", "[::1]", "127.0.0.1:80", "/tmp", "a..b", "a" * 300)),
    ("metrics_host", ""),
    *(
        (name, wrong)
        for name in ("public_url", "health_url", "sandbox_url")
        for wrong in (
            "https://me:password@groups.example",
            "https://groups.example/?a=b",
            "https://groups.example/#a",
            "https://groups .example",
            "https://groups..example",
            f"https://{'a' * 64}.example",
        )
    ),
    *(("sms_token", token) for token in (" ", "ends in a space ", "two\nlines", "密码")),
    *(
        ("database_url", url)
        for url in (
            "postgres://127.0.0.1",
            "postgres://127.0.0.1:99999/x",
            "postgres://127.0.0.1:5432/x/y",
            "postgres://a..b/x",
            "postgres://[/x",
            "postgres://127.0.0.1/x?sslmode=disable&sslmode=require",
            "sqlite:x.sqlite3",
            "sqlite://",
            "SQLITE:///tmp/x.sqlite3",
            "sqlite:///tmp/x?mode=ro",
        )
    ),
    *(
        ("redis_url", url)
        for url in (
            "redis://",
            "redis://127.0.0.1:99999/0",
            "redis://127.0.0.1/jobs",
            "redis://127.0.0.1/0?socket_timeout=9",
            "rediss://127.0.0.1/0?decode_responses=1",
        )
    ),
    ("documents", "x" * 300),
    *((count, "9" * 30) for count in ("points_per_person", "codes_per_address", "answer_cache")),
    ("drain_seconds", "nan"),
    ("trusted_proxies", "proxy.example"),
    ("trusted_proxies", "10.0.0.1/8"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_is_refused_by_a_sentence_that_names_it(
    given: Given, name: str, value: str
) -> None:
    (sentence,) = given.refusals(**{name: value})
    variable, _, reason = sentence.partition(": ")
    assert variable == f"GROUPCODE_{name.upper()}"
    assert reason[0].islower() and reason.endswith(".") and "\n" not in reason
    assert not any(word in reason for word in ("Error", "pydantic", "input_value", "Traceback"))


def test_every_wrong_setting_is_named_at_once(given: Given) -> None:
    sentences = given.refusals(port="x", timezone="x", environment="x")
    assert sorted(sentence.partition(":")[0] for sentence in sentences) == [
        "GROUPCODE_ENVIRONMENT",
        "GROUPCODE_PORT",
        "GROUPCODE_TIMEZONE",
    ]


def test_a_refusal_never_quotes_a_secret(given: Given) -> None:
    sentences = given.refusals(
        secret_key="hunter2", database_url="mysql://groupcode:hunter2@db/groupcode"
    )
    assert "hunter2" not in "\n".join(sentences)


@pytest.mark.parametrize("sign", "#/?@:&=%[] ")
@pytest.mark.parametrize("name", ["database_url", "database_read_url", "redis_url", "sms_url"])
def test_a_password_with_any_sign_is_never_quoted(given: Given, name: str, sign: str) -> None:
    scheme = {"redis_url": "redis", "sms_url": "https"}.get(name, "postgres")
    password = f"hunter{sign}secret=2"
    written = f"{scheme}://me:{password}@127.0.0.1:5432/0"
    said = ""
    try:
        given.load(**{name: written})
    except SettingsError as error:
        said = str(error)
    assert "hunter" not in said and "secret=2" not in said


@pytest.mark.parametrize("name", ["secret_key", "sms_token", "host", "database_url", "redis_url"])
def test_what_is_no_text_is_refused(
    given: Given, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(f"GROUPCODE_{name.upper()}", os.fsdecode(b"\xff\xfe" * 20))
    assert given.refusals() == [f"GROUPCODE_{name.upper()}: is no text in UTF-8."]


def test_an_address_may_request_thirty_codes_an_hour_where_they_are_sent(given: Given) -> None:
    assert given.load(**PRODUCTION).code_limit == 30  # R40


def test_the_limit_of_codes_and_their_countries_are_as_set(given: Given) -> None:
    settings = given.load(codes_per_address="100", sms_countries=" cn, SG")
    assert settings.code_limit == 100  # R40
    assert settings.sms_countries == {"CN", "SG"}


@pytest.mark.parametrize(
    ("given_as", "origins"),
    [
        ("", ()),
        ("https://app.example.org", ("https://app.example.org",)),
        (" https://App.Example.org:443/ ,", ("https://app.example.org",)),
        (
            "http://a.example:80,\nhttp://a.example:8080",
            ("http://a.example", "http://a.example:8080"),
        ),
        ("https://*.example.org https://*.example.org", ("https://*.example.org",)),
        ("http://[::1]:3000,http://10.0.0.1", ("http://[::1]:3000", "http://10.0.0.1")),
        ("https://学校.example", ("https://xn--48s290a.example",)),
        ("capacitor://localhost", ("capacitor://localhost",)),
    ],
)
def test_origins_are_read_as_browsers_write_them(
    given: Given, given_as: str, origins: tuple[str, ...]
) -> None:
    assert given.load(allowed_origins=given_as).allowed_origins == origins


@pytest.mark.parametrize(
    ("own", "origin"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"host": "::1", "port": "80"}, "http://[::1]"),
        ({"public_url": "https://Groups.example:443/app"}, "https://groups.example"),
    ],
)
def test_the_servers_own_origin_is_always_allowed(
    given: Given, own: dict[str, str], origin: str
) -> None:
    settings = given.load(allowed_origins="https://app.example", **own)
    assert settings.origins == ("https://app.example", origin)


def test_a_proxy_may_be_named_by_ipv4_within_ipv6(given: Given) -> None:
    settings = given.load(trusted_proxies="::ffff:10.0.0.1, ::ffff:10.1.0.0/112")
    assert list(map(str, settings.trusted_proxies)) == ["10.0.0.1/32", "10.1.0.0/16"]


def test_production_needs_a_secret(given: Given) -> None:
    (sentence,) = given.refusals(**PRODUCTION | {"secret_key": ""})
    assert sentence.startswith("GROUPCODE_SECRET_KEY:")
    assert "production" in sentence


def test_production_refuses_the_sandbox(given: Given) -> None:
    (sentence,) = given.refusals(**PRODUCTION, sandbox="1")
    assert sentence.startswith("GROUPCODE_SANDBOX:")


def test_production_needs_every_outside_system(given: Given) -> None:
    sentences = given.refusals(**PRODUCTION | dict.fromkeys(ELSEWHERE, ""))
    assert [sentence.partition(":")[0] for sentence in sentences] == [
        f"GROUPCODE_{system.upper()}_URL" for system in GATEWAYS
    ]


def test_without_the_sandbox_development_needs_the_outside_systems_too(given: Given) -> None:
    (sentence,) = given.refusals(**ELSEWHERE | {"sandbox": "0", "sms_url": ""})
    assert sentence.startswith("GROUPCODE_SMS_URL:")


def test_production_reaches_the_outside_systems_with_their_tokens(given: Given) -> None:
    own = {"health_token": "a token", "sms_url": "https://sms.example/v1/"}
    settings = given.load(**PRODUCTION | own)
    assert not settings.sandbox_on
    assert reached(settings, "health") == ("https://health.example", "a token")
    assert reached(settings, "sms") == ("https://sms.example/v1", "")
    assert "a token" not in repr(settings) and SECRET not in repr(settings)


def test_only_a_sandbox_of_ours_is_named_without_its_path(given: Given) -> None:
    settings = given.load(**PRODUCTION | {"sms_url": "https://sms.example/sandbox"})
    assert reached(settings, "sms") == ("https://sms.example/sandbox", "")


@pytest.mark.parametrize("system", GATEWAYS)
def test_the_name_of_an_outside_system_alone_is_no_setting(given: Given, system: str) -> None:
    for value in ("https://elsewhere.example", '{"url": "https://elsewhere.example"}'):
        (sentence,) = given.refusals(**PRODUCTION | {system: value})
        variable, _, reason = sentence.partition(": ")
        assert variable == f"GROUPCODE_{system.upper()}"
        assert f"{variable}_URL" in reason and "elsewhere" not in reason


def test_variables_that_are_no_settings_are_named_and_left_alone(given: Given) -> None:
    settings = given.load(health_port="80", redis="x", sandbox_port="80", secret="x")
    assert settings.sandbox_in_process and settings.embedded
    named = [sentence.partition(":")[0] for sentence in warnings()]
    assert named == [
        f"GROUPCODE_{name}" for name in ("HEALTH_PORT", "REDIS", "SANDBOX_PORT", "SECRET")
    ]


def test_production_refuses_a_misspelt_setting_and_says_which_is_meant(given: Given) -> None:
    (sentence,) = given.refusals(**PRODUCTION, trusted_proxy="10.0.0.1")
    assert sentence == (
        "GROUPCODE_TRUSTED_PROXY: is no setting; GROUPCODE_TRUSTED_PROXIES may be meant."
    )


def test_what_kubernetes_tells_every_container_is_no_setting_and_no_fault(given: Given) -> None:
    links = ("SERVICE_HOST", "SERVICE_PORT_HTTP", "PORT_8000_TCP_ADDR", "SANDBOX_SERVICE_PORT")
    given.load(**PRODUCTION, **dict.fromkeys(links, "x"))
    assert warnings() == []


@pytest.mark.parametrize(
    ("name", "setting"),
    [("secret_key", "secret_key"), ("database_url", "database_url"), ("sms_token", "")],
)
def test_a_secret_may_be_a_file(given: Given, folder: Path, name: str, setting: str) -> None:
    content = "sqlite:///tmp/x.sqlite3" if "url" in name else SECRET
    (folder / "secret").write_text(f"{content}\n")
    file = {f"{name}_file": str(folder / "secret")}
    settings = given.load(**ELSEWHERE, sandbox="0", **file)
    if setting == "database_url":
        assert settings.database_url == content
    elif setting == "secret_key":
        assert settings.secrets == (content,)
    else:
        assert reached(settings, "sms") == ("https://sms.example", content)
    (sentence,) = given.refusals(**{name: content})
    assert sentence.startswith(f"GROUPCODE_{name.upper()}_FILE: ")


def test_a_file_that_holds_no_secret_is_refused(given: Given, folder: Path) -> None:
    (folder / "empty").touch()
    (folder / "letters").write_bytes(b"\xff" * 40)
    (folder / "endless").write_bytes(b"x" * 70_000)
    for file in ("nowhere", "empty", ".", "letters", "endless"):
        (sentence,) = given.refusals(secret_key_file=str(folder / file))
        assert sentence.startswith(f"GROUPCODE_SECRET_KEY_FILE: {folder / file} ")
    (sentence,) = given.refusals(secret_key_file=SECRET)  # in the place of the file's name
    assert sentence.startswith("GROUPCODE_SECRET_KEY_FILE: ") and SECRET not in sentence


def test_a_secret_of_the_folder_that_cannot_be_read_is_refused(given: Given, folder: Path) -> None:
    (folder / ".groupcode-secret").mkdir()
    (sentence,) = given.refusals()
    assert sentence.startswith("GROUPCODE_SECRET_KEY: is not set, and .groupcode-secret can't be")


def test_keys_are_a_list_with_the_newest_first(given: Given) -> None:
    newer = SECRET.replace(" ", "-") + "-too"
    older = SECRET.replace(" ", "_")
    assert given.load(secret_keys=f"{newer}, {older}").secrets == (newer, older)
    (sentence,) = given.refusals(secret_key=SECRET)
    assert sentence.startswith("GROUPCODE_SECRET_KEYS: ")
    (sentence,) = given.refusals(secret_key="", secret_keys=f"{newer},short")
    assert sentence.startswith("GROUPCODE_SECRET_KEYS: must have at least 32 characters a key")
    (sentence,) = given.refusals(secret_key="", secret_keys=f"{newer},{newer}")
    assert "twice" in sentence


@pytest.mark.parametrize(
    "weak", ["a" * 40, "0123456789" * 4, "abcdefghijklmnopqrstuvwxyz0123456789", "abc" * 12]
)
def test_production_refuses_a_key_that_can_be_guessed(given: Given, weak: str) -> None:
    (sentence,) = given.refusals(**PRODUCTION | {"secret_key": weak})
    assert sentence.startswith("GROUPCODE_SECRET_KEY: can be guessed: ") and weak not in sentence


def test_random_keys_are_never_called_guessable(given: Given) -> None:
    for _ in range(200):
        for secret in (token_hex(16), token_urlsafe(24), token_urlsafe(48)):
            assert why_guessable(secret) is None


@pytest.mark.parametrize("url", ["", "http://groups.example"])
def test_production_needs_an_address_for_people(given: Given, url: str) -> None:
    (sentence,) = given.refusals(**PRODUCTION | {"public_url": url})
    assert sentence.startswith("GROUPCODE_PUBLIC_URL: must be ")
    assert given.load(public_url="http://127.0.0.1:8000").public_url


def test_production_reaches_outside_systems_by_https_unless_told_otherwise(given: Given) -> None:
    plain = PRODUCTION | {"sms_url": "http://sms.example"}
    (sentence,) = given.refusals(**plain)
    assert sentence.startswith("GROUPCODE_SMS_URL: must be an https:// address")
    assert given.load(plain_gateways="1").plain_gateways
    assert given.load(plain_gateways="0", sms_url="http://127.0.0.1:9").production


@pytest.mark.parametrize(
    ("database", "sandbox", "refused"),
    [
        ("sqlite:///tmp/x.sqlite3", "http://127.0.0.1:8001", ["GROUPCODE_REDIS_URL"]),
        ("postgres://127.0.0.1/x", "", ["GROUPCODE_SANDBOX_URL"]),
        ("sqlite:///tmp/x.sqlite3", "", ["GROUPCODE_REDIS_URL", "GROUPCODE_SANDBOX_URL"]),
    ],
)
def test_several_processes_need_a_database_and_a_sandbox_to_share(
    given: Given, database: str, sandbox: str, refused: list[str]
) -> None:
    sentences = given.refusals(
        redis_url="redis://127.0.0.1/0", database_url=database, sandbox_url=sandbox
    )
    assert [sentence.partition(":")[0] for sentence in sentences] == refused


@pytest.mark.parametrize("url", ["http://127.0.0.1:8001", "http://127.0.0.1:8001/sandbox/"])
def test_a_sandbox_of_its_own_is_named_with_or_without_its_path(given: Given, url: str) -> None:
    settings = given.load(
        redis_url="redis://127.0.0.1/0", database_url="postgresql://127.0.0.1/x", sandbox_url=url
    )
    assert not settings.embedded and not settings.sandbox_in_process
    assert settings.database_url == "postgres://127.0.0.1/x"
    assert reached(settings, "sms") == ("http://127.0.0.1:8001/sandbox/sms", "")


def test_settings_never_change_once_read(given: Given) -> None:
    settings = given.load()
    for name in ("port", "sandbox", "secret_key"):
        with pytest.raises(ValidationError, match="frozen"):
            setattr(settings, name, None)


def test_development_makes_a_secret_once_for_its_owner_only(given: Given, folder: Path) -> None:
    first = given.load().secret_key.get_secret_value()
    file = folder / ".groupcode-secret"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(first) >= 32
    assert file.read_text().strip() == first
    assert given.load().secret_key.get_secret_value() == first
    assert list(folder.iterdir()) == [file]


def test_a_secret_that_is_given_leaves_no_file(given: Given, folder: Path) -> None:
    assert given.load(secret_key=SECRET).secret_key.get_secret_value() == SECRET
    assert not list(folder.iterdir())


@pytest.mark.parametrize("content", ["", "\n", "too short\n"])
def test_a_secret_file_that_holds_no_secret_is_refused(
    given: Given, folder: Path, content: str
) -> None:
    (folder / ".groupcode-secret").write_text(content)
    (sentence,) = given.refusals()
    assert ".groupcode-secret" in sentence or "GROUPCODE_SECRET_KEY" in sentence


def test_processes_that_start_together_share_one_secret(folder: Path) -> None:
    program = "from app.config import *; print(load_settings().secret_key.get_secret_value())"
    command = [sys.executable, "-c", program]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    starting = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE) for _ in range(4)]
    secrets = {process.communicate(timeout=30)[0].decode().strip() for process in starting}
    assert secrets == {(folder / ".groupcode-secret").read_text().strip()}


def test_where_only_persisted_documents_run_some_must_be_named(given: Given) -> None:
    (sentence,) = given.refusals(documents_only="1", dashboard="0")
    assert sentence.startswith("GROUPCODE_DOCUMENTS: must name ")
    assert given.load(dashboard="1").documents_only  # the dashboard's own run


def test_what_is_told_of_the_schema_is_off_in_production_unless_set(given: Given) -> None:
    shown = ("graphiql_on", "introspection_on", "suggestions_on")
    assert all(getattr(given.load(), name) for name in shown)
    systems = {f"{system}_url": "https://systems.example" for system in GATEWAYS}
    production = PRODUCTION | {"sandbox": "0"} | systems
    assert not any(getattr(given.load(**production), name) for name in shown)
    asked = {"graphiql": "1", "introspection": "1", "suggestions": "1"}
    assert all(getattr(given.load(**production, **asked), name) for name in shown)


def test_where_programs_act_in_the_sandbox_there_are_ten_times_the_points(given: Given) -> None:
    settings = given.load()
    assert (settings.person_points, settings.address_points) == (10_000_000, 200_000_000)
    systems = {f"{system}_url": "https://systems.example" for system in GATEWAYS}
    settings = given.load(sandbox="0", **systems)
    assert (settings.person_points, settings.address_points) == (1_000_000, 20_000_000)
    settings = given.load(points_per_person="5", points_per_address="6")
    assert (settings.person_points, settings.address_points) == (5, 6)
