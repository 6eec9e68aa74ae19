"""What graphql-core's executor is asked for, where functions made once could have answered."""

from typing import Any

import pytest
from graphql.execution.executor import Executor


def types_executed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the types whose fields graphql-core executes from now on, once for each field."""
    executed: list[str] = []
    execute_field = Executor.execute_field

    def noted(executor: Executor[Any], parent: Any, *rest: Any) -> Any:
        executed.append(parent.name)
        return execute_field(executor, parent, *rest)

    monkeypatch.setattr(Executor, "execute_field", noted)
    return executed
