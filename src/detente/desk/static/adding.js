// Adding documents, and the progress of what is being read, on every page.

const strip = document.querySelector("[data-reading]");
let failures = 0;

function sayProgress(jobs) {
  const active = jobs.filter((job) => job.state === "reading" || job.state === "waiting");
  strip.hidden = active.length === 0;
  const job = active.find((one) => one.state === "reading") ?? active[0];
  if (job) {
    const files = job.inputs > 1 ? `${job.inputs_done} of ${job.inputs} files, ` : "";
    strip.textContent = job.state === "waiting" ? "waiting to read" : `reading: ${files}${job.documents} documents`;
  }
  return active.length;
}

/** Puts the fresh list of what was added in the place of ours; nothing else of the page moves. */
async function refreshList() {
  const part = document.getElementById("jobs");
  if (!part || part.contains(document.activeElement)) return;
  const reply = await fetch("/add", { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("jobs");
  if (fresh) part.replaceWith(document.adoptNode(fresh));
}

export function setUpAdding({ send, say }) {
  let running = document.body.hasAttribute("data-jobs");

  async function poll() {
    try {
      const reply = await fetch("/api/v1/jobs", { headers: { Accept: "application/json" }, cache: "no-store" });
      const jobs = (await reply.json()).items;
      if (failures >= 2) say("The server is back.");
      failures = 0;
      const active = sayProgress(jobs);
      await refreshList();
      if (running && !active) {
        const last = jobs[0];
        if (last) say(last.state === "done" ? `Read: ${last.new} new documents, ${last.events} events, ${last.skipped} skipped.` : `${last.name}: ${last.state}. ${last.error ?? ""}`);
      }
      running = active > 0;
    } catch {
      failures += 1;
      strip.hidden = false;
      strip.textContent = "the server does not answer; trying again";
    }
    if (running || failures) setTimeout(poll, Math.min(1000 * 2 ** Math.min(failures, 3), 8000));
  }
  if (running) poll();

  for (const form of document.querySelectorAll("form[data-add]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const kind = form.dataset.add;
      const fields = new FormData(form);
      const button = form.querySelector("button");
      button.disabled = true;
      try {
        if (!fields.get("date")) fields.delete("date");
        const body = kind === "files" ? fields : Object.fromEntries([...fields].filter(([, value]) => value !== ""));
        await send("POST", `/api/v1/jobs/${kind}`, body);
        form.reset();
        say("Added; the reading has begun.");
        if (!running) { running = true; poll(); }
      } catch (error) {
        say(error.message);
      }
      button.disabled = false;
    });
  }

  const drop = document.querySelector("[data-drop]");
  if (drop) {
    const input = drop.querySelector("input");
    for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
    for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; drop.closest("form").requestSubmit(); }
    });
  }
}
