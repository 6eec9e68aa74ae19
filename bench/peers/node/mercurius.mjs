// Mercurius with graphql-jit over hand-written SQL: node mercurius.mjs PORT URL PERSON_ID.
import { readFileSync } from "node:fs";
import Fastify from "fastify";
import mercurius from "mercurius";
import pg from "pg";

const [port, connectionString, viewer] = process.argv.slice(2);
const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), "utf8");
const TIME_WITH_ZONE = 1184;
pg.types.setTypeParser(TIME_WITH_ZONE, (text) => `${text.replace(" ", "T")}:00`);
const pool = new pg.Pool({ connectionString, max: 10 });

// Named, so that each is prepared once a connection.
async function rowsOf(name, text, values) {
  return (await pool.query({ name, text, values })).rows;
}

const MEMBERS = read("members.sql");
const GROUPS = `SELECT g.id, g.name, g.colour, g.member_count AS "memberCount" FROM plain.groups g
  JOIN plain.membership m ON m.group_id = g.id WHERE m.person_id = $1`;
const GROUP = `${GROUPS} AND g.id = $2 AND m.role IN ('CREATOR', 'ADMIN')`;

function member(row) {
  return {
    ...row,
    joinedAt: row.joined_at,
    healthCode: row.health_code,
    healthCodeAt: row.health_code_at,
    asOf: row.as_of,
    person: row,
    latestTest: row.result === null ? null : { result: row.result, testedAt: row.tested_at },
    anomaly: row.reasons === null ? null : row,
  };
}

const resolvers = {
  Query: {
    group: async (_, { id }) => (await rowsOf("group", GROUP, [viewer, id]))[0],
    me: async () => (await rowsOf("me", "SELECT name FROM plain.person WHERE id = $1", [viewer]))[0],
  },
  Group: {
    members: async (root, { first }) => ({
      nodes: (await rowsOf("members", MEMBERS, [root.id, first])).map(member),
    }),
  },
  Me: {
    groups: async () => ({
      nodes: await rowsOf("groups", `${GROUPS} ORDER BY m.joined_at`, [viewer]),
    }),
  },
  Person: {
    idNumberMasked: (row) => `${row.id_number.slice(0, 4)}**********${row.id_number.slice(-4)}`,
  },
};

const app = Fastify();
app.get("/readyz", async () => "ready");
app.register(mercurius, { schema: read("peer.graphql"), resolvers, path: "/graphql/", jit: 1 });
await app.listen({ port: Number(port), host: "127.0.0.1" });
