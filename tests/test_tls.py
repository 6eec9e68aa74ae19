"""TLS to PostgreSQL: every command understands the same URL."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.processes import groupcode
from tests.support.servers import PostgresServer

SECRET = "a secret of the tests that is long enough"


TLS_REQUEST = (80877103).to_bytes(4)


@dataclass(frozen=True, slots=True)
class Secured:
    """Where a PostgreSQL with TLS is, and the certificate that it shows."""

    url: str
    certificate: Path


def write_certificate(folder: Path) -> None:
    """Write a certificate that signs itself, for localhost, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "server.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "server.key").write_bytes(private)


class Front(socketserver.BaseRequestHandler):
    """Speaks TLS to clients that ask for it as PostgreSQL does, and plainly with the server."""

    server: "Fronts"

    def handle(self) -> None:
        """Answer a request for TLS, then hand everything on, either way."""
        client: socket.socket = self.request
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.server.behind)) as out:
            if client.recv(8, socket.MSG_PEEK)[4:] == TLS_REQUEST:
                client.recv(8)
                client.sendall(b"S")
                client = self.server.context.wrap_socket(client, server_side=True)
            back = threading.Thread(target=pump, args=(out, client), daemon=True)
            back.start()
            pump(client, out)
            back.join()


class Fronts(socketserver.ThreadingTCPServer):
    """A server of such fronts before a PostgreSQL that has no TLS of its own."""

    daemon_threads = True

    def __init__(self, folder: Path, behind: int) -> None:
        super().__init__(("127.0.0.1", 0), Front)
        self.behind = behind
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "server.pem", folder / "server.key")


def pump(source: socket.socket, sink: socket.socket) -> None:
    """Hand everything on until there is no more."""
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """A PostgreSQL behind TLS, which lets `locked` in by a password alone; and its certificate."""
    with PostgresServer() as server:
        rules = server.folder / "data" / "pg_hba.conf"
        rules.write_text(f"host all locked 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
        server.create_role("locked", "right")
        folder = tmp_path_factory.mktemp("certificate")
        write_certificate(folder)
        with Fronts(folder, server.port) as fronts:
            threading.Thread(target=fronts.serve_forever, daemon=True).start()
            port = fronts.server_address[1]
            url = server.url.replace(f":{server.port}", f":{port}")
            yield Secured(url, folder / "server.pem")
            fronts.shutdown()


def told(folder: Path, command: str, url: str) -> str:
    """What a command says of a database: nothing when it can be used."""
    several = {"redis_url": "redis://127.0.0.1:9/0", "sandbox_url": "http://127.0.0.1:9"}
    done = groupcode(folder, command, database_url=url, secret_key=SECRET, **several)
    assert "Traceback" not in done.stderr
    assert (done.returncode == 0) == (done.stderr == "")
    return done.stderr


@pytest.mark.parametrize("command", ["migrate", "work"])
def test_a_url_says_how_much_tls_is_wanted(secured: Secured, tmp_path: Path, command: str) -> None:
    named = secured.url.replace("127.0.0.1", "localhost")
    root = f"&sslrootcert={secured.certificate}"
    assert not told(tmp_path, "migrate", secured.url)
    for url in (
        f"{secured.url}?sslmode=disable",
        f"{secured.url}?sslmode=prefer",
        f"{secured.url}?sslmode=require",
        f"{secured.url}?sslmode=verify-ca{root}",
        f"{named}?sslmode=verify-full{root}",
    ):
        assert not told(tmp_path, command, url), url
    for url in (
        f"{named}?sslmode=verify-full",  # nobody whom the system trusts signed it
        f"{secured.url}?sslmode=verify-full{root}",  # it is another host's
    ):
        assert "its certificate isn't trusted" in told(tmp_path, command, url)


def test_a_wrong_password_is_a_sentence(secured: Secured, tmp_path: Path) -> None:
    url = secured.url.replace("groupcode@", "locked:{}@")
    said = told(tmp_path, "migrate", url.format("wrong"))
    assert "the password of locked is wrong" in said and "wrong@" not in said
