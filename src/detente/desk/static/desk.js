// What the page does beyond links and forms. Every view works as plain pages; changes need this script.
import { drawCharts } from "./charts.js";
import { setUpAdding } from "./adding.js";
import { setUpKeys } from "./keys.js";

let token = document.querySelector('meta[name="detente-token"]')?.content ?? "";
const toast = document.querySelector(".toast");
let toastTimer;

export function say(text) {
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { toast.hidden = true; }, 5000);
}

/** Sends a change to the API and gives its answer; an Error with the server's words where it is refused. */
export async function send(method, address, body, again = true) {
  const headers = { "X-Detente-Token": token, Accept: "application/json" };
  let content = body;
  if (body && !(body instanceof FormData)) {
    headers["Content-Type"] = "application/json";
    content = JSON.stringify(body);
  }
  let reply;
  try {
    reply = await fetch(address, { method, headers, body: content });
  } catch {
    throw new Error("The server does not answer. What it had committed is kept; start it again and try once more.");
  }
  if (reply.status === 403 && again) {
    // A server that was started again gives out another token.
    const session = await (await fetch("/api/v1/session")).json();
    if (session.token && session.token !== token) {
      token = session.token;
      return send(method, address, body, false);
    }
  }
  const found = reply.status === 204 ? null : await reply.json().catch(() => null);
  if (!reply.ok) throw new Error(found?.error?.message ?? `refused (${reply.status})`);
  return found;
}

let visits = 0;
/** Fetches a page and puts its parts in the place of ours, so that filters answer without a reload. */
export async function visit(address, { push = true } = {}) {
  const own = ++visits;
  document.body.classList.add("busy");
  try {
    const reply = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    if (own !== visits) return; // another was asked for meanwhile
    const parts = [...document.querySelectorAll("[data-part]")];
    if (!reply.ok || !parts.length || parts.some((part) => !page.getElementById(part.id))) {
      location.assign(address);
      return;
    }
    fillForms(page);
    for (const part of parts) {
      const fresh = page.getElementById(part.id);
      const held = part.contains(document.activeElement) ? document.activeElement.id || document.activeElement.name : null;
      part.replaceWith(document.adoptNode(fresh));
      if (held) (document.getElementById(held) ?? fresh.querySelector(`[name="${CSS.escape(held)}"]`))?.focus();
    }
    if (push) history.pushState(null, "", address);
    shown = location.pathname + location.search;
    document.title = page.title;
    arrange(document);
    await drawCharts();
    waitForAnswers();
  } catch {
    if (own === visits) location.assign(address);
  } finally {
    if (own === visits) document.body.classList.remove("busy");
  }
}
let shown = location.pathname + location.search;
addEventListener("popstate", () => {
  if (location.pathname + location.search !== shown) visit(location.href, { push: false });
});

/** Puts what the fetched page has in its filters into ours; a field in use is left alone. */
function fillForms(page) {
  const fresh = [...page.querySelectorAll("form[data-live] [name]")];
  for (const field of document.querySelectorAll("form[data-live] [name]")) {
    const found = fresh.find((one) => one.name === field.name && (field.type !== "checkbox" || one.value === field.value));
    if (!found || field === document.activeElement) continue;
    if (field.type === "checkbox") field.checked = found.checked;
    else field.value = found.value;
  }
}

/** The address of a form's fields, without those that are empty. */
function addressOf(form) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value !== "") query.append(name, value);
  const text = query.toString();
  return form.getAttribute("action") + (text ? `?${text}` : "");
}

function arrange(root) {
  for (const form of root.querySelectorAll("form[data-live]")) {
    if (form.dataset.ready) continue;
    form.dataset.ready = "yes";
    form.addEventListener("submit", (event) => { event.preventDefault(); visit(addressOf(form)); });
    form.addEventListener("change", ({ target }) => {
      // The year of a date that is being typed passes through 2, 20 and 201.
      if (target.type !== "search" && !(target.type === "date" && target.value && target.value < "1500")) visit(addressOf(form));
    });
  }
}

// --- what is being worked out is asked for again until it is there

function waitForAnswers() {
  if (document.querySelector("[data-unfinished]")) setTimeout(() => visit(location.href, { push: false }), 3000);
}

// --- changes by buttons and forms: data-send names the method and address, data-then what follows

async function change(element, body) {
  const [method, address] = element.dataset.send.split(" ");
  const button = element.matches("button") ? element : element.querySelector("button:not([type=button])");
  if (button) button.disabled = true;
  try {
    await send(method, address, body);
    if (element.dataset.said) sessionStorage.setItem("detente-said", element.dataset.said);
    if (element.dataset.then) location.assign(element.dataset.then);
    else location.reload();
  } catch (error) {
    say(error.message);
    if (button) button.disabled = false;
  }
}

/** A correction: what differs from the coding, as the API wants it. */
function correctionOf(form, action) {
  const fields = {};
  for (const field of form.elements) {
    if (!("was" in field.dataset) || field.value === field.dataset.was) continue;
    if (field.name === "actor" || field.name === "recipient") {
      const given = field.value.trim().toLowerCase();
      const state = [...document.getElementById("states").options].find((o) => [o.value, o.textContent].some((text) => text.toLowerCase() === given));
      if (!state) throw new Error(`${field.value || "nothing"} is no state: choose one of the list.`);
      fields[field.name] = { country: state.value, name: state.textContent };
    } else fields[field.name] = field.value || null;
  }
  const note = form.elements.note.value.trim();
  return {
    event_id: form.dataset.correct,
    action,
    ...(action === "change" ? { fields } : {}),
    ...(note ? { note } : {}),
  };
}

async function changed(work, words) {
  try {
    await work;
    sessionStorage.setItem("detente-said", words);
    location.reload();
  } catch (error) {
    say(error.message);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-send]");
  if (button) change(button, button.dataset.body ? JSON.parse(button.dataset.body) : undefined);
  if (event.target.closest("[data-print-frame]")) document.querySelector("iframe.sheet").contentWindow.print();
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  const chosen = event.submitter?.value;
  if (form.matches("form[data-correct]")) {
    event.preventDefault();
    let body;
    try {
      body = correctionOf(form, chosen);
    } catch (error) {
      say(error.message);
      return;
    }
    if (chosen === "change" && !Object.keys(body.fields).length) { say("Nothing is changed yet: choose another type, status, date or state."); return; }
    changed(send("POST", "/api/v1/corrections", body), "Corrected; undo it in the list of corrections.");
  } else if (form.matches("form[data-save]")) {
    event.preventDefault();
    const body = { name: form.elements.name.value, query: form.elements.query.value };
    const words = chosen === "watch" ? "On the watch list." : "Saved.";
    changed(send("POST", `/api/v1/${chosen}`, chosen === "watch" ? { kind: "search", ...body } : body), words);
  }
});

// --- why a span is marked: on hover, on focus and on tap

const why = document.createElement("div");
why.className = "why";
why.id = "why";
why.setAttribute("role", "tooltip");
why.hidden = true;
document.body.append(why);

function showWhy(mark) {
  const reasons = mark.dataset.why.split("\n");
  why.replaceChildren(...reasons.map((reason) => Object.assign(document.createElement("p"), { textContent: reason })));
  why.hidden = false;
  mark.setAttribute("aria-describedby", "why");
  const box = mark.getBoundingClientRect();
  const own = why.getBoundingClientRect();
  const below = box.bottom + own.height + 12 < innerHeight;
  why.style.left = `${Math.max(8, Math.min(box.left, innerWidth - own.width - 8))}px`;
  why.style.top = `${below ? box.bottom + 6 : Math.max(8, box.top - own.height - 6)}px`;
}
function hideWhy() {
  why.hidden = true;
  document.querySelector("[aria-describedby=why]")?.removeAttribute("aria-describedby");
}
for (const [kind, act] of [["mouseover", showWhy], ["focusin", showWhy]]) {
  document.addEventListener(kind, (event) => { const mark = event.target.closest?.("[data-why]"); if (mark) act(mark); });
}
document.addEventListener("mouseout", (event) => { if (event.target.closest?.("[data-why]") && !why.matches(":hover")) hideWhy(); });
document.addEventListener("focusout", hideWhy);
document.addEventListener("scroll", hideWhy, { passive: true });
document.addEventListener("keydown", (event) => { if (event.key === "Escape") hideWhy(); });

// --- the brief, as tall as it is

const sheet = document.querySelector("iframe.sheet");
if (sheet) {
  const fit = () => { const page = sheet.contentDocument?.documentElement; if (page) sheet.style.height = `${page.scrollHeight + 8}px`; };
  sheet.addEventListener("load", fit);
  addEventListener("resize", fit);
  if (sheet.contentDocument?.readyState === "complete") fit();
}

// --- colours

const themes = ["system", "light", "dark"];
function theme() { return document.documentElement.dataset.theme ?? "system"; }
function setTheme(next) {
  if (next === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try { localStorage.setItem("detente-theme", next); } catch { /* kept for this page only */ }
  document.querySelector("[data-theme-button]").setAttribute("aria-label", `Colours: ${next === "system" ? "as the system has them" : next}`);
  drawCharts();
}
export function nextTheme() { setTheme(themes[(themes.indexOf(theme()) + 1) % themes.length]); say(`Colours: ${theme() === "system" ? "as the system has them" : theme()}`); }
document.querySelector("[data-theme-button]").addEventListener("click", nextTheme);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawCharts());

const said = sessionStorage.getItem("detente-said");
if (said) { sessionStorage.removeItem("detente-said"); say(said); }

arrange(document);
setUpKeys({ visit, nextTheme, say });
setUpAdding({ send, say });
drawCharts({ visit });
waitForAnswers();
