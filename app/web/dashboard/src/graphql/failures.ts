// What went wrong with a request, in words that say what to do.
import type { CombinedError } from "@urql/core";
import { texts } from "../texts";

const t = texts({
  zh: {
    network: "连不上服务器。请检查网络，页面会自动重试。",
    undone: "连不上服务器，不能确定操作是否完成。请检查网络，恢复后再点一次：不会重复执行。",
    FORBIDDEN: "您没有这项权限（可能刚被收回）。请返回我的团体。",
    NOT_FOUND: "没有找到，或已不对您开放。请返回我的团体。",
    RATE_LIMITED: "操作太频繁，请稍等一分钟再试。",
    UNAVAILABLE: "服务暂时不可用，请稍后再试。",
    UNAUTHENTICATED: "登录已失效，请重新登录。",
    internal: (id: string) => `服务器出错了。请重试；若仍不行，请把编号 ${id} 告诉管理方。`,
    other: (message: string) => message,
  },
  en: {
    network: "The server can't be reached. Check the network; the page tries again by itself.",
    undone:
      "The server can't be reached, so it isn't known whether this was done. Check the network, then press again: nothing is done twice.",
    FORBIDDEN: "You may not do this (the right may have just ended). Go back to your groups.",
    NOT_FOUND: "It wasn't found, or isn't open to you any more. Go back to your groups.",
    RATE_LIMITED: "Too much at once. Wait a minute, then try again.",
    UNAVAILABLE: "The service isn't available at the moment. Try again soon.",
    UNAUTHENTICATED: "You are signed out. Sign in again.",
    internal: (id: string) =>
      `Something went wrong in the server. Try again; if it stays, tell whoever runs it this number: ${id}.`,
    other: (message: string) => message,
  },
});

const KNOWN = ["FORBIDDEN", "NOT_FOUND", "RATE_LIMITED", "UNAVAILABLE", "UNAUTHENTICATED"] as const;

/** Say what went wrong with reading, and what to do. */
export function explain(error: CombinedError): string {
  const [first] = error.graphQLErrors;
  return first ? explainFirst(first) : t.network;
}

/** Say what went wrong with a deed, and what to do. */
export function explainDeed(error: CombinedError): string {
  const [first] = error.graphQLErrors;
  return first ? explainFirst(first) : t.undone;
}

function explainFirst(first: CombinedError["graphQLErrors"][number]): string {
  const code = first.extensions?.code;
  const known = KNOWN.find((each) => each === code);
  if (known) return t[known];
  if (code === "INTERNAL") return t.internal(String(first.extensions?.id ?? ""));
  return t.other(first.message);
}

/** Whether a group is the viewer's no longer. */
export function isGone(error: CombinedError): boolean {
  return error.graphQLErrors.some(({ extensions }) =>
    ["NOT_FOUND", "FORBIDDEN", "BAD_USER_INPUT"].includes(String(extensions?.code)),
  );
}
