"""Where exceptions came from: their types and frames, without their messages."""

import linecache
import traceback
from typing import Final, NotRequired, TypedDict

_MOST_FRAMES: Final = 50
_MOST_OF_A_GROUP: Final = 20


class Frame(TypedDict):
    """A line that was being run."""

    file: str
    line: int
    function: str


class ExceptionFrames(TypedDict):
    """One exception: its type, its last 50 frames, and of a group its first 20 exceptions.

    Each exception of a group is described like the group: with what caused it.
    """

    type: str
    frames: list[Frame]
    exceptions: NotRequired[list[list["ExceptionFrames"]]]


def describe_exception(error: BaseException) -> list[ExceptionFrames]:
    """Return an exception and, after it, what caused it, back to the first cause."""
    return _chain(error, set())


def _chain(error: BaseException | None, seen: set[int]) -> list[ExceptionFrames]:
    chain = []
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        chain.append(_one(error, seen))
        error = error.__cause__ or error.__context__
    return chain


def _one(error: BaseException, seen: set[int]) -> ExceptionFrames:
    frames = [
        Frame(file=frame.f_code.co_filename, line=line, function=frame.f_code.co_qualname)
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    described = ExceptionFrames(
        type=f"{type(error).__module__}.{type(error).__qualname__}", frames=frames[-_MOST_FRAMES:]
    )
    if isinstance(error, BaseExceptionGroup):
        inner = error.exceptions[:_MOST_OF_A_GROUP]
        described["exceptions"] = [_chain(each, seen) for each in inner]
    return described


def as_text(chain: list[ExceptionFrames]) -> str:
    """Return a description as people read tracebacks, each frame with its line of source."""
    return "\ncaused by:\n".join(_one_as_text(described) for described in chain)


def _one_as_text(described: ExceptionFrames) -> str:
    lines = []
    for frame in described["frames"]:
        lines.append(f'  File "{frame["file"]}", line {frame["line"]}, in {frame["function"]}')
        lines.append(f"    {linecache.getline(frame['file'], frame['line']).strip()}")
    lines.append(described["type"])
    for number, inner in enumerate(described.get("exceptions", []), start=1):
        lines.append(f"exception {number} of the group:")
        lines += [f"  {line}" for line in as_text(inner).splitlines()]
    return "\n".join(lines)
