// What stands around every page: where one can go, who is signed in, and whether it is live.
import type { ComponentChildren } from "preact";
import { useLocation } from "preact-iso";
import { useEffect } from "preact/hooks";
import { connection } from "./graphql/socket";
import { links } from "./links";
import { Button } from "./parts/button";
import { Toasts } from "./parts/toasts";
import { useSignOut } from "./session/sign_out";
import { signedIn } from "./session/tokens";
import { texts } from "./texts";

const t = texts({
  zh: {
    product: "团体码",
    skip: "跳到正文",
    pages: "页面",
    groups: "我的团体",
    me: "我的信息",
    signOut: "退出登录",
    live: "实时",
    connecting: "连接中…",
    lost: "连接已断开，正在重连。恢复后会补上期间的变化。",
  },
  en: {
    product: "Group Code",
    skip: "Skip to content",
    pages: "Pages",
    groups: "My groups",
    me: "About me",
    signOut: "Sign out",
    live: "Live",
    connecting: "Connecting…",
    lost: "The connection is lost; connecting again. What changes meanwhile will be shown then.",
  },
});

export function Frame({ children }: { children: ComponentChildren }) {
  const { path } = useLocation();
  useEffect(() => scrollTo(0, 0), [path]);
  return (
    <>
      <a class="skip" href="#main">
        {t.skip}
      </a>
      <header class="top">
        <a class="brand" href={links.groups()}>
          {t.product}
        </a>
        {signedIn.value && <Navigation path={path} />}
      </header>
      {signedIn.value && connection.value === "lost" && (
        <p class="banner" role="status">
          {t.lost}
        </p>
      )}
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <Toasts />
    </>
  );
}

function Navigation({ path }: { path: string }) {
  const { signOut, busy } = useSignOut();
  const isLive = connection.value === "connected";
  return (
    <nav aria-label={t.pages}>
      <a href={links.groups()} aria-current={path === links.groups() ? "page" : undefined}>
        {t.groups}
      </a>
      <a href={links.me()} aria-current={path === links.me() ? "page" : undefined}>
        {t.me}
      </a>
      <span class={isLive ? "live on" : "live"}>{isLive ? t.live : t.connecting}</span>
      <Button kind="quiet" busy={busy} onClick={signOut}>
        {t.signOut}
      </Button>
    </nav>
  );
}
