// The page of the sandbox: it does nothing that its routes can't do.
"use strict";

const POLL_MS = 1500;
const SHOWN = 30;
const at = (id) => document.getElementById(id);
// Where the sandbox is, from the address of this script: /sandbox/page/home.js.
const base = new URL("..", document.currentScript.src).pathname.replace(/\/$/, "");

async function ask(path, method = "GET", body = undefined) {
  const answer = await fetch(base + path, { method, body: body && JSON.stringify(body) });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error);
  return value;
}

function copyButton(text) {
  const button = at("copy").content.cloneNode(true).firstElementChild;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.classList.add("done");
  });
  return button;
}

function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

function shown(sms) {
  const line = document.createElement("li");
  line.dataset.id = sms.id;
  line.append(element("time", new Date(sms.at).toLocaleString()), ` ${sms.phone} `);
  line.append(element("code", sms.template));
  if (sms.params.code) line.append(element("span", sms.params.code, "code"), " ", copyButton(sms.params.code));
  line.append(element("div", sms.text));
  return line;
}

let lastShown = "";

async function showMessages() {
  const query = new URLSearchParams({ newest: SHOWN, phone: at("phone").value.trim() });
  const { messages } = await ask(`/messages?${query}`);
  const key = messages.map((sms) => sms.id).join();
  if (key === lastShown) return;
  lastShown = key;
  at("no-sms").hidden = messages.length > 0;
  at("sms").replaceChildren(...messages.reverse().map(shown));
}

async function showClock(answer) {
  const { now } = answer ?? (await ask("/clock"));
  at("now").textContent = new Date(now).toLocaleString(undefined, { dateStyle: "full", timeStyle: "medium" });
}

function same(one, other) {
  const sorted = (fault) => JSON.stringify(Object.entries(fault).sort());
  return sorted(one) === sorted(other);
}

let faults = {};

async function showFaults(answer) {
  faults = answer ?? (await ask("/faults"));
  at("set").textContent = JSON.stringify(faults);
  for (const row of at("faults").querySelectorAll("tr")) {
    const fault = faults[row.dataset.system] ?? {};
    row.toggleAttribute("data-works", same(fault, {}));
    for (const button of row.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", same(fault, JSON.parse(button.dataset.fault)));
    }
  }
}

async function setFault(button) {
  const system = button.closest("tr").dataset.system;
  const { [system]: _, ...others } = await ask("/faults");
  const fault = JSON.parse(button.dataset.fault);
  const wanted = Object.keys(fault).length ? { ...others, [system]: fault } : others;
  await showFaults(await ask("/faults", "PUT", wanted));
}

async function setRecord(form) {
  const given = new FormData(form);
  const result = given.get("result");
  const record = { health_code: given.get("code"), tests: result ? [{ result }] : [] };
  const path = `/records/RESIDENT_ID/${encodeURIComponent(given.get("number"))}`;
  at("saved").textContent = JSON.stringify(await ask(path, "PUT", record), null, 1);
  at("saved").hidden = false;
}

// Whatever is asked may fail: the server may be stopped at any time, or refuse with a sentence.
async function trying(work) {
  try {
    await work();
    at("trouble").hidden = true;
    return true;
  } catch (error) {
    const away = error instanceof TypeError;
    at("trouble").hidden = !away;
    at("refused").hidden = away;
    at("refused").textContent = error.message;
    return false;
  }
}

async function acting(work) {
  if (await trying(work)) at("refused").hidden = true;
}

async function look() {
  if (!document.hidden) {
    await trying(() => Promise.all([showMessages(), showClock(), showFaults()]));
  }
  setTimeout(look, POLL_MS);
}

at("advance").addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  const body = { advance_seconds: Number(button.dataset.seconds) };
  acting(async () => showClock(await ask("/clock", "POST", body)));
});
at("faults").addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button) acting(() => setFault(button));
});
at("phone").addEventListener("input", () => acting(showMessages));
at("record").addEventListener("submit", (event) => {
  event.preventDefault();
  acting(() => setRecord(event.target));
});
for (const example of at("routes").querySelectorAll("pre")) {
  example.after(copyButton(example.textContent));
}
look();
