"""Carrying a mutation out once, however often it is sent with the same idempotency key."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Concatenate, ParamSpec, TypeVar, cast

from app.domain.refusals import Denied, Refusal
from app.resolvers.context import Info
from app.resolvers.selection import name_in_answer
from app.services.kernel.env import Env
from app.services.kernel.steps import AlreadyDone, Step
from app.services.kernel.unit import unit_of_work

P = ParamSpec("P")
R = TypeVar("R")


async def once(
    info: Info,
    service: Callable[Concatenate[Env, P], Awaitable[R]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Run the use case of a mutation, or return what it returned when it was run before.

    Without a key it is just run. What is refused leaves nothing behind, so a repeat may act.
    """
    env, step = info.context.env, _step(info)
    if step is None:
        return await service(env, *args, **kwargs)
    if not step.is_done:
        try:
            await _run(replace(env, step=step), service, *args, **kwargs)
        except (Refusal, Denied, AlreadyDone):
            if not await done_meanwhile(info):
                raise
    return cast(R, step.result_of(service))


async def _run(
    env: Env,
    service: Callable[Concatenate[Env, P], Awaitable[R]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> None:
    """Run a use case as a step; one that found nothing to change is concluded by itself."""
    result = await service(env, *args, **kwargs)
    if env.step is not None and not env.step.concluded:
        async with unit_of_work(env) as unit:
            unit.returns(result)


def is_done(info: Info) -> bool:
    """Return whether the mutation is known to have been carried out for the same request."""
    step = _step(info)
    return step is not None and step.is_done


async def done_meanwhile(info: Info) -> bool:
    """Look whether the same request, sent twice at once, carried the mutation out elsewhere."""
    step = _step(info)
    if step is None:
        return False
    await step.request.look()
    return step.is_done


def _step(info: Info) -> Step | None:
    request = info.context.keyed
    return Step(request, name_in_answer(info)) if request is not None else None
