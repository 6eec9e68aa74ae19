// Pages that are loaded when they are opened: while they come that shows, and so does a failure.
import type { ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { connection } from "../graphql/socket";
import { texts } from "../texts";
import { Button } from "./button";
import { Loading } from "./states";

const t = texts({
  zh: {
    failed: "这一页没有加载成功。请检查网络，然后重新打开；也可能服务器刚更新过。",
    reload: "重新打开",
  },
  en: {
    failed:
      "This page could not be loaded. Check the network, then open it anew; or the server has just been updated.",
    reload: "Open it anew",
  },
});

/** A component whose script is fetched once it is shown. */
export function loaded<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  let there: ComponentType<Props> | null = null;
  return function Loaded(props: Props) {
    const [Page, setPage] = useState(() => there);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (there) return;
      let over = false;
      load().then(
        (component) => {
          there = component;
          if (!over) setPage(() => component);
        },
        () => !over && setFailed(true),
      );
      return () => {
        over = true;
      };
    }, []);
    if (Page) return <Page {...props} />;
    return failed ? <Failed /> : <Loading />;
  };
}

/** Browsers don't fetch a script again that failed: the whole is opened anew, by itself where the
 * connection was lost and is back. */
function Failed() {
  const wasLost = useRef(false);
  const state = connection.value;
  useEffect(() => {
    if (state === "lost") wasLost.current = true;
    if (state === "connected" && wasLost.current) location.reload();
  }, [state]);
  return (
    <div class="failure" role="alert">
      <p>{t.failed}</p>
      <Button onClick={() => location.reload()}>{t.reload}</Button>
    </div>
  );
}
