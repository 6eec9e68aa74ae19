"""Outside systems that answer every question by one status, and take nothing."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Outside(BaseHTTPRequestHandler):
    """An outside system that answers by the status that its path begins with."""

    def do_POST(self) -> None:
        """Answer, and take nothing."""
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(int(self.path.split("/")[1]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST  # noqa: N815 - the name that the library looks for

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def outside() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Outside) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
