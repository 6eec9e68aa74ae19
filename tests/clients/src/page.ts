// A page of a front end that stands elsewhere: in a browser, which asks the server before it lets
// the page read anything.
import { Client, cacheExchange, fetchExchange } from "@urql/core";
import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import { print } from "graphql";
import type { GroupStatusSubscription } from "../generated/graphql.js";
import type { Given } from "./kit.js";
import { Dashboard, ExportReport, GroupStatus } from "./operations.js";

/** What the page could do, each either done or the reason why not. */
export interface Seen {
  query: string;
  socket: string;
  distinct: string;
  single: string;
  download: string;
  headers: string;
}

interface Subscribing {
  subscribe: ReturnType<typeof createWsClient>["subscribe"];
}

/** The group's name, as the first event of a subscription tells it. */
function firstEvent(client: Subscribing, groupId: string): Promise<string> {
  const request = { query: print(GroupStatus as never), variables: { groupId } };
  return new Promise((resolve, reject) => {
    client.subscribe<GroupStatusSubscription>(request, {
      next: ({ data, errors }) => {
        if (errors) reject(new Error(JSON.stringify(errors)));
        else resolve(data?.groupStatusChanged?.name ?? "");
      },
      error: (error) => reject(error instanceof Error ? error : new Error(String(error))),
      complete: () => reject(new Error("complete")),
    });
  });
}

async function told(doing: Promise<string>): Promise<string> {
  return doing.catch((error: unknown) => `refused: ${error instanceof Error ? error.message : error}`);
}

async function use({ url, token, groupId }: Given): Promise<Seen> {
  const headers = { authorization: `Bearer ${token}` };
  const urql = new Client({
    url: `${url}/graphql`,
    exchanges: [cacheExchange, fetchExchange],
    fetchOptions: { headers },
  });
  const query = async (): Promise<string> => {
    const { data, error } = await urql.query(Dashboard, { groupId }).toPromise();
    if (error) throw error;
    return data?.group?.name ?? "";
  };
  const socket = createWsClient({
    url: `${url.replace("http", "ws")}/graphql`,
    connectionParams: headers,
    retryAttempts: 0,
  });
  const sse = (singleConnection: boolean): Subscribing =>
    createSseClient({
      url: `${url}/graphql/stream`,
      headers,
      retryAttempts: 0,
      singleConnection,
    } as Parameters<typeof createSseClient>[0]) as unknown as Subscribing;
  const download = async (): Promise<string> => {
    const days = (await urql.query(Dashboard, { groupId }).toPromise()).data?.group?.reports;
    const input = { groupId, date: days?.[0]?.date ?? "", format: "CSV" as const };
    const { data, error } = await urql.mutation(ExportReport, { input }).toPromise();
    if (error) throw error;
    const file = await fetch(data?.exportReport?.url ?? "");
    return `${file.headers.get("content-disposition")} ${(await file.text()).length}`;
  };
  const readable = async (): Promise<string> => {
    const answer = await fetch(`${url}/graphql?query={__typename}`, {
      headers: { ...headers, "x-request-id": "of-a-page", "accept-language": "en" },
    });
    return `${answer.headers.get("x-request-id")} ${answer.headers.get("server-timing")}`;
  };
  return {
    query: await told(query()),
    socket: await told(firstEvent(socket, groupId)),
    distinct: await told(firstEvent(sse(false), groupId)),
    single: await told(firstEvent(sse(true), groupId)),
    download: await told(download()),
    headers: await told(readable()),
  };
}

Object.assign(window, { use });
