// Where the API and the sandbox are, as the server wrote it into the page.
const { server = "", sandbox = "" } = document.documentElement.dataset;

/** The API's origin; empty where it is the page's own. */
export const SERVER = server.replace(/\/$/, "");

/** Where the sandbox is reached; empty where it is off. */
export const SANDBOX = sandbox.replace(/\/$/, "");

export const GRAPHQL = `${SERVER}/graphql`;

/** The address of the WebSocket. */
export const SOCKET = new URL(GRAPHQL, location.href).href.replace(/^http/, "ws");
