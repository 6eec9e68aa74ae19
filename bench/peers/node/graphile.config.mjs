// PostGraphile over the unencrypted copies, with a schema of its own making and no rights.
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

export default {
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({
      connectionString: process.env.PEER_URL,
      schemas: ["plain"],
      poolConfig: { max: 10 },
    }),
  ],
  grafserv: {
    port: Number(process.env.PEER_PORT),
    host: "127.0.0.1",
    watch: false,
    graphqlPath: "/graphql/",
  },
  grafast: { explain: false },
};
