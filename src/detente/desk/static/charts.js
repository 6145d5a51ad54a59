// Draws the charts of a page from their specifications, at the width and in the colours at hand.
// Vega's expressions are run by its interpreter, so that the page needs no eval.

let visitPage = null;
const drawn = new WeakMap();
const look = JSON.parse(document.getElementById("look").textContent);

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/** A specification with the page's fonts, with the dark colours if wanted, and as wide as its place. */
function fitted(text, width, dark) {
  let found = text;
  if (dark) for (const [light, other] of Object.entries(look.dark)) found = found.replaceAll(`"${light}"`, `"${other}"`);
  // A legend has as many columns as its place has room for; beside the names of an axis that is less.
  const spec = JSON.parse(found, (key, value) => (key === "columns" && value > 1 ? Math.max(1, Math.min(value, Math.floor((width - 74) / 85))) : value));
  let config = JSON.stringify(look.config);
  if (dark) for (const [light, other] of Object.entries(look.dark)) config = config.replaceAll(`"${light}"`, `"${other}"`);
  spec.config = { ...JSON.parse(config), background: null };
  delete spec.title; // the page has its own headings
  if (spec.vconcat) {
    // Parts of a column cannot be fitted; they leave room for the figures of their axes (minExtent 44) and its title.
    for (const part of spec.vconcat) part.width = width - 74;
  } else if (spec.projection) {
    spec.height = Math.round(Math.min((width * spec.height) / spec.width, 620));
    spec.width = width;
  } else if (!spec.facet) {
    spec.width = width;
    spec.autosize = { type: "fit-x", contains: "padding" };
  }
  return spec;
}

function tooltip() {
  let box = document.getElementById("vg-tooltip");
  if (!box) {
    box = document.createElement("div");
    box.id = "vg-tooltip";
    box.hidden = true;
    document.body.append(box);
  }
  return (handler, event, item, value) => {
    if (!value || typeof value !== "object") { box.hidden = true; return; }
    const table = document.createElement("table");
    for (const [name, text] of Object.entries(value)) {
      const row = table.insertRow();
      row.insertCell().textContent = name;
      row.insertCell().textContent = text;
    }
    box.replaceChildren(table);
    box.hidden = false;
    const own = box.getBoundingClientRect();
    box.style.left = `${Math.min(event.clientX + 14, innerWidth - own.width - 8)}px`;
    box.style.top = `${Math.min(event.clientY + 14, innerHeight - own.height - 8)}px`;
  };
}

/** The span that was dragged on the strip becomes the page's since and until. */
function follow(view, figure) {
  if (!figure.hasAttribute("data-brush")) return;
  let span = null;
  let asked = false;
  view.addSignalListener("brush", (_, value) => { span = value?.period ?? value?.[Object.keys(value ?? {})[0]] ?? null; asked = true; });
  figure.addEventListener("pointerup", () => setTimeout(() => {
    if (!asked || !visitPage) return;
    asked = false;
    const address = new URL(location.href);
    const iso = (time) => new Date(time).toISOString().slice(0, 10);
    if (span && span[1] - span[0] > 86400000) {
      address.searchParams.set("since", iso(span[0]));
      address.searchParams.set("until", iso(span[1]));
    } else {
      address.searchParams.delete("since");
      address.searchParams.delete("until");
    }
    address.searchParams.delete("cursor");
    visitPage(address.pathname + address.search);
  }, 30));
}

async function draw(figure) {
  const plot = figure.querySelector(".plot");
  const width = Math.floor(plot.clientWidth);
  const dark = isDark();
  const key = `${width} ${dark}`;
  if (width < 40 || drawn.get(figure)?.key === key) return;
  drawn.get(figure)?.view?.finalize();
  const entry = { key, view: null };
  drawn.set(figure, entry);
  const spec = fitted(figure.querySelector("script.spec").textContent, width, dark);
  const compiled = window.vegaLite.compile(spec, { logger: window.vega.logger(window.vega.Warn) }).spec;
  const view = new window.vega.View(window.vega.parse(compiled, null, { ast: true }), {
    expr: window.vegaInterpreter.expressionInterpreter,
    renderer: "svg",
    container: plot,
    hover: true,
    tooltip: tooltip(),
    logLevel: window.vega.Warn,
  });
  entry.view = view;
  await view.runAsync();
  // The name stands on the figure; what Vega says inside it would be read twice.
  plot.querySelector("svg")?.setAttribute("aria-hidden", "true");
  plot.querySelector("svg")?.setAttribute("focusable", "false");
  for (const part of plot.querySelectorAll("[role],[aria-label],[aria-roledescription]")) {
    for (const name of ["role", "aria-label", "aria-roledescription"]) part.removeAttribute(name);
  }
  figure.toggleAttribute("data-dark", dark);
  follow(view, figure);
  figure.dataset.drawn = "yes";
}

export async function drawCharts({ visit } = {}) {
  if (visit) visitPage = visit;
  if (!window.vega) return;
  for (const figure of document.querySelectorAll("figure.chart")) {
    try {
      await draw(figure);
    } catch (error) {
      console.error(error);
      figure.querySelector(".plot").textContent = "This chart could not be drawn; its figures are below.";
    }
  }
}

let timer;
addEventListener("resize", () => { clearTimeout(timer); timer = setTimeout(() => drawCharts(), 150); });
