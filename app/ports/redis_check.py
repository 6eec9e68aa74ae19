"""Whether a Redis that answers is one that we can use: what it refuses, it refuses for good."""

from contextlib import suppress

from redis.exceptions import (
    AuthenticationError,
    InvalidResponse,
    NoPermissionError,
    RedisError,
    ResponseError,
)

from app.ports.redis import redis_client


async def redis_fault(url: str) -> str | None:
    """Return why a Redis is none for us, to be read behind its setting's name; None if it is.

    Also None for one that is away: it may come back, and is done without until then.
    """
    client = redis_client(url, again=0)
    try:
        await client.ping()
        with suppress(NoPermissionError):
            role, *_ = await client.role()
            if role not in (b"master", "master"):
                return "is a replica, or watches others: name the Redis that takes writes"
    except AuthenticationError:
        return "refuses its user or password"
    except InvalidResponse:
        return "what answers there is no Redis"
    except ResponseError as error:
        return f"refuses us ({type(error).__name__}): has it the database that the address ends in?"
    except (RedisError, OSError):
        return None
    finally:
        await client.aclose()
    return None
