"""How values are shown: the functions that those of a whole query are put together of.

Each shows a value, or a row that has it, at once or awaited. They know no errors: on anything that
isn't as its type says they raise, and graphql-core answers instead.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from app.resolvers.member_columns import MemberColumns
from app.schema.asking import AskedField, Run
from app.schema.fields import AT_ONCE, AtOnce
from app.schema.leaf_completion import Completion, Surprise

# From a value, or from the row that has it, to what the answer shows.
ShowAtOnce: TypeAlias = Callable[[Run, Any], Any]
ShowAwaited: TypeAlias = Callable[[Run, Any], Coroutine[Any, Any, Any]]
_LISTS: Final = (list, tuple, MemberColumns)


@dataclass(frozen=True, slots=True)
class Shows:
    """How something is shown: by one of the two."""

    at_once: ShowAtOnce | None = None
    awaited: ShowAwaited | None = None

    @property
    def coming(self) -> ShowAwaited:
        """How it is shown by who awaits all alike."""
        if self.awaited is not None:
            return self.awaited
        show = self.at_once
        assert show is not None

        async def shown(run: Run, value: Any) -> Any:
            return show(run, value)

        return shown


def plainly(plain: Completion) -> ShowAtOnce:
    """Return how that is shown for which a function of the row alone was made."""
    return lambda run, row: plain(row)


def asked_at_once(asked: AskedField, below: ShowAtOnce) -> ShowAtOnce:
    """Return how a field is shown that needn't be awaited."""
    ask = asked.ask
    return lambda run, row: below(run, ask(run, row))


def asked_awaited(asked: AskedField, below: Shows) -> ShowAwaited:
    """Return how a field is shown that is awaited, or something below it."""
    at_once, awaited = below.at_once, below.awaited

    async def show(run: Run, row: Any) -> Any:
        value = await asked.ask_awaited(run, row)
        if at_once is not None:
            return at_once(run, value)
        assert awaited is not None
        return await awaited(run, value)

    return show


def asked_together(alike: Sequence[tuple[str, AskedField, Shows]]) -> ShowAwaited:
    """Return how the values of a field are shown that is selected several times of one row."""
    fields = [asked for _, asked, _ in alike]
    coming = [shows.coming for _, _, shows in alike]
    prepare: AtOnce = fields[0].declared.metadata[AT_ONCE]
    constants = [asked.constant for asked in fields]
    known = [one for one in constants if one is not None]
    made = prepare(known) if len(known) == len(fields) else None

    async def show(run: Run, row: Any) -> Any:
        await fields[0].demand(run, row)
        answer = made or run.prepared.get(show)
        if answer is None:
            answer = run.prepared[show] = prepare([asked.arguments(run) for asked in fields])
        values = await answer(row, fields[0].info(run))
        return [await one(run, value) for one, value in zip(coming, values, strict=True)]

    return show


def object_of(
    names: Sequence[str],
    at_once: Mapping[str, ShowAtOnce],
    awaited: Mapping[str, ShowAwaited],
    several: Mapping[tuple[str, ...], ShowAwaited],
) -> Shows:
    """Return how a row is shown of which each part is known; parts that take time side by side."""
    ready = list(at_once.items())
    if not awaited and not several:
        return Shows(lambda run, row: {name: show(run, row) for name, show in ready})
    frame = dict.fromkeys(names)
    single = list(awaited.items())
    joint = list(several.items())
    if len(single) == 1 and not joint:
        return Shows(awaited=_with_one_awaited(frame, ready, *single[0]))

    async def show(run: Run, row: Any) -> dict[str, object]:
        shown: dict[str, object] = dict(frame)  # in the order of the selection
        for name, part in ready:
            shown[name] = part(run, row)
        found = await _all([part(run, row) for _, part in (*single, *joint)])
        shown.update(zip(awaited, found, strict=False))
        for keys, values in zip(several, found[len(single) :], strict=True):
            shown.update(zip(keys, values, strict=True))
        return shown

    return Shows(awaited=show)


def _with_one_awaited(
    frame: Mapping[str, None],
    ready: Sequence[tuple[str, ShowAtOnce]],
    awaited_name: str,
    awaited: ShowAwaited,
) -> ShowAwaited:
    """Return how a row is shown of which one part takes time."""

    async def show(run: Run, row: Any) -> dict[str, object]:
        shown: dict[str, object] = dict(frame)
        for name, part in ready:
            shown[name] = part(run, row)
        shown[awaited_name] = await awaited(run, row)
        return shown

    return show


async def _all(coming: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
    """Return what all of them come to, run side by side; on an error only when all have ended."""
    if len(coming) == 1:
        return [await coming[0]]
    found = await asyncio.gather(*coming, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException):
            raise one
    return found


def or_null(shows: Shows) -> Shows:
    """Return how a row is shown that may be null."""
    at_once, awaited = shows.at_once, shows.awaited
    if at_once is not None:
        return Shows(lambda run, row: None if row is None else at_once(run, row))
    assert awaited is not None

    async def show(run: Run, row: Any) -> Any:
        return None if row is None else await awaited(run, row)

    return Shows(awaited=show)


def of_class(made: type, shows: Shows) -> Shows:
    """Return how a payload is shown, which must be of its class."""
    show = shows.coming

    async def checked(run: Run, payload: Any) -> Any:
        if payload.__class__ is not made:
            raise Surprise
        return await show(run, payload)

    return Shows(awaited=checked)


def by_typename(kinds: Mapping[str, Shows]) -> Shows:
    """Return how nodes are shown, which say of what type they are."""
    at_once = {name: shows.at_once for name, shows in kinds.items() if shows.at_once is not None}
    if len(at_once) == len(kinds):

        def show_at_once(run: Run, row: Any) -> Any:
            return None if row is None else at_once[row.typename](run, row)

        return Shows(show_at_once)
    coming = {name: shows.coming for name, shows in kinds.items()}

    async def show(run: Run, row: Any) -> Any:
        return None if row is None else await coming[row.typename](run, row)

    return Shows(awaited=show)


def never_null(shows: Shows) -> Shows:
    """Return how a value is shown that must not be null."""
    at_once, awaited = shows.at_once, shows.awaited
    if at_once is not None:

        def checked(run: Run, value: Any) -> Any:
            shown = at_once(run, value)
            if shown is None:
                raise Surprise
            return shown

        return Shows(checked)
    assert awaited is not None

    async def checked_later(run: Run, value: Any) -> Any:
        shown = await awaited(run, value)
        if shown is None:
            raise Surprise
        return shown

    return Shows(awaited=checked_later)


def listed_of(shows: Shows) -> Shows:
    """Return how a list is shown, if not null; what takes time side by side."""
    at_once, awaited = shows.at_once, shows.awaited
    if at_once is not None:

        def each(run: Run, values: Any) -> Any:
            if values is None:
                return None
            if not isinstance(values, _LISTS):
                raise Surprise
            return [at_once(run, value) for value in values]

        return Shows(each)
    assert awaited is not None

    async def each_later(run: Run, values: Any) -> Any:
        if values is None:
            return None
        if not isinstance(values, _LISTS):
            raise Surprise
        return await _all([awaited(run, value) for value in values])

    return Shows(awaited=each_later)
