"""The SQL statements that a server in this process runs."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class Statements(logging.Handler):
    """The SQL statements of the process, transactions' brackets not counted."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Note one statement."""
        self.seen.append(record.getMessage())

    def of(self, *tables: str) -> list[str]:
        """The statements that name any of these tables."""
        return [sql for sql in self.seen if any(table in sql for table in tables)]


@contextmanager
def counted_statements() -> Iterator[Statements]:
    """Collect the statements that the server runs meanwhile."""
    logger = logging.getLogger("tortoise.db_client")
    handler, level = Statements(), logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield handler
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
