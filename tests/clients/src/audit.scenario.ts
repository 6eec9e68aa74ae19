// The audit of GraphQL over HTTP that comes with graphql-http.
import { serverAudits } from "graphql-http";
import { given, tell } from "./kit.js";

const { url } = given();
for (const audit of serverAudits({ url: `${url}/graphql`, fetchFn: fetch })) {
  const result = await audit.fn();
  const reason = result.status === "ok" ? "" : result.reason;
  tell({ id: audit.id, name: audit.name, status: result.status, reason });
}
