// Where the page starts.
import { render } from "preact";
import "./styles/index.css";
import { App } from "./app";

const root = document.getElementById("dashboard");
if (root) {
  root.removeAttribute("class");
  root.removeAttribute("aria-busy");
  root.textContent = "";
  render(<App />, root);
}
