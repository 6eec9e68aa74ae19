// The normalised cache: what has an id is kept once, whoever asked for it.
import { cacheExchange } from "@urql/exchange-graphcache";
import type { Exchange } from "@urql/core";

export function createCache(): Exchange {
  return cacheExchange({
    updates: {
      Subscription: {
        viewerGroupsChanged(result, _variables, cache) {
          const { kind } = (result.viewerGroupsChanged ?? {}) as { kind?: string };
          if (kind !== "CAME" && kind !== "LEFT") return;
          const me = cache.resolve("Query", "me");
          if (typeof me !== "string") return;
          for (const { fieldKey } of cache.inspectFields(me)) {
            if (fieldKey.startsWith("groups")) cache.invalidate(me, fieldKey);
          }
        },
      },
    },
  });
}
