// The keyboard. What each key does is listed in keys.py, which makes the overlay and the guide.

const views = { w: "/", g: "/group", r: "/dyad", c: "/commitments", s: "/search", l: "/watch", a: "/add" };

export function setUpKeys({ visit, nextTheme, say }) {
  const dialog = document.querySelector("dialog.keys");
  const box = document.querySelector("[data-keys-on]");
  let leader = 0;

  const stored = () => { try { return localStorage.getItem("detente-keys") !== "off"; } catch { return true; } };
  box.checked = stored();
  box.addEventListener("change", () => { try { localStorage.setItem("detente-keys", box.checked ? "on" : "off"); } catch { /* this page only */ } });
  document.querySelector("[data-keys-button]").addEventListener("click", () => dialog.showModal());

  function step(by) {
    const items = [...document.querySelectorAll("[data-item]")].filter((item) => item.offsetParent !== null);
    if (!items.length) return;
    const at = items.findIndex((item) => item.contains(document.activeElement));
    const next = items[Math.max(0, Math.min(items.length - 1, at < 0 ? (by > 0 ? 0 : items.length - 1) : at + by))];
    (next.querySelector("[data-open]") ?? next.querySelector("a, button")).focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function press(selector) {
    const found = document.querySelector(selector);
    if (found) found.click();
    return Boolean(found);
  }

  /** Moves or scales the span of a relation, within the whole of it. */
  function span(act) {
    const place = document.querySelector("[data-first]");
    if (!place) return;
    const day = 86400000;
    const first = Date.parse(place.dataset.first), last = Date.parse(place.dataset.last);
    const address = new URL(location.href);
    let from = Date.parse(address.searchParams.get("since") ?? place.dataset.first);
    let to = Date.parse(address.searchParams.get("until") ?? place.dataset.last);
    const wide = Math.max(to - from, 14 * day), middle = (from + to) / 2;
    if (act === "[") { from -= wide / 2; to = from + wide; }
    if (act === "]") { to += wide / 2; from = to - wide; }
    if (act === "+") { from = middle - wide / 4; to = middle + wide / 4; }
    if (act === "-") { from = middle - wide; to = middle + wide; }
    if (from < first) { if (act === "[") to = Math.min(last, first + wide); from = first; }
    if (to > last) { if (act === "]") from = Math.max(first, last - wide); to = last; }
    address.searchParams.delete("cursor");
    if (act === "0" || (from <= first && to >= last)) {
      address.searchParams.delete("since");
      address.searchParams.delete("until");
    } else {
      address.searchParams.set("since", new Date(from).toISOString().slice(0, 10));
      address.searchParams.set("until", new Date(to).toISOString().slice(0, 10));
    }
    visit(address.pathname + address.search);
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = event.target.closest("input, select, textarea");
    if (event.key === "Escape" && field) { field.blur(); document.getElementById("main").focus(); return; }
    if (field && !["checkbox", "radio"].includes(field.type)) return;
    if (event.key === "?") { event.preventDefault(); dialog.open ? dialog.close() : dialog.showModal(); return; }
    if (dialog.open || !box.checked) return;
    const key = event.key;
    if (Date.now() - leader < 1500 && views[key]) { leader = 0; event.preventDefault(); location.assign(views[key]); return; }
    leader = 0;
    const does = {
      g: () => { leader = Date.now(); },
      "/": () => document.getElementById("go").select(),
      j: () => step(1),
      k: () => step(-1),
      t: nextTheme,
      f: () => document.querySelector(".filters input, .filters select")?.focus(),
      n: () => press("[data-key-n]"),
      m: () => {
        const matrices = [...document.querySelectorAll("[data-matrix]")];
        const at = matrices.findIndex((m) => m.closest("section").contains(document.activeElement));
        matrices[(at + 1) % matrices.length]?.focus();
      },
      b: () => press("[data-key-b]"),
      w: () => press("[data-key-w]"),
      c: () => {
        const item = document.activeElement.closest("[data-item]") ?? document.querySelector(":target");
        const form = (item?.querySelector("details.correct") ? item : document).querySelector("details.correct");
        if (form) { form.open = true; form.querySelector("select, input, button")?.focus(); }
      },
      p: () => press("[data-key-p]"),
      "[": () => span("["),
      "]": () => span("]"),
      "+": () => span("+"),
      "=": () => span("+"),
      "-": () => span("-"),
      0: () => span("0"),
    }[key];
    if (does) { if (key !== "g") event.preventDefault(); does(); }
  });
}
