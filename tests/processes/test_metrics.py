"""What Prometheus is told by a server and a worker, at an address of their own."""

from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families as families

from tests.support.deployment import deployment_environment
from tests.support.groups import a_group
from tests.support.processes import Forked, answering
from tests.support.servers import PostgresServer, RedisServer, free_ports
from tests.support.waiting import eventually
from tests.support.world import World


async def told(http: httpx.AsyncClient, port: int) -> dict[str, float]:
    """Every sample, by its name and labels."""
    text = (await http.get(f"http://127.0.0.1:{port}/metrics")).text
    return {
        f"{sample.name}{sorted(sample.labels.values())}": sample.value
        for family in families(text)
        for sample in family.samples
    }


async def test_a_server_and_a_worker_tell_what_they_do(
    tmp_path: Path, postgres: PostgresServer, postgres_template: str
) -> None:
    with RedisServer() as redis:
        ports = free_ports(4)
        sandbox = f"http://127.0.0.1:{ports[1]}"
        url = postgres.create_database("groupcode_metrics", postgres_template)
        env = deployment_environment(url, sandbox, redis_url=redis.url, port=str(ports[0]))
        with (
            Forked(tmp_path, env, "sandbox", "--port", str(ports[1])),
            Forked(tmp_path, env | {"GROUPCODE_METRICS_PORT": str(ports[2])}, "serve") as server,
            Forked(tmp_path, env | {"GROUPCODE_METRICS_PORT": str(ports[3])}, "worker"),
        ):
            async with httpx.AsyncClient(timeout=30) as http:
                address = f"http://127.0.0.1:{ports[0]}"
                await answering(http, f"{address}/readyz", server)
                world = World(address, f"{sandbox}/sandbox", http)
                creator, group_id, _ = await a_group(world, members=2)
                await creator.change("refreshGroup", "run { id }", groupId=group_id)
                served = await told(http, ports[2])
                # The public address knows nothing of it.
                assert (await http.get(f"{address}/metrics")).status_code == 404
                assert served["groupcode_about['0.1.0', 'server']"] == 1
                assert served["groupcode_responses_total['/graphql', '200']"] > 5
                assert served["groupcode_verification_codes_total['QUEUED']"] >= 3
                assert served["groupcode_gateway_calls_total['OK', 'identity']"] >= 1
                assert served["groupcode_loop_lag_seconds_count[]"] >= 0
                assert served["groupcode_pool_connections['free']"] >= 1

                async def worked() -> dict[str, float]:
                    return await told(http, ports[3])

                done = await eventually(
                    worked, lambda one: "groupcode_refresh_runs_total['DONE']" in one
                )
                assert done["groupcode_about['0.1.0', 'worker']"] == 1
                assert "groupcode_dead_work['SEND_SMS']" in done
                assert done["groupcode_gateway_calls_total['OK', 'health']"] >= 1
                assert done["groupcode_members_refreshed_total[]"] == 3
                assert done["groupcode_sms_total['SENT', 'verification_code']"] >= 3
                assert done["groupcode_work_total['DONE', 'SEND_CODE']"] >= 3
                assert done["groupcode_tick_timestamp_seconds[]"] > 0
                asked = "['OK', 'createGroup', 'mutation']"
                assert served[f"groupcode_operations_total{asked}"] == 1
