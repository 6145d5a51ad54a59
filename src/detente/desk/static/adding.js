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
      tell(form, "");
      if (kind === "files") say("Sending …");
      try {
        if (!fields.get("date")) fields.delete("date");
        const body = kind === "files" ? fields : Object.fromEntries([...fields].filter(([, value]) => value !== ""));
        await send("POST", `/api/v1/jobs/${kind}`, body);
        form.reset();
        say("Added; the reading has begun.");
        if (!running) { running = true; poll(); }
      } catch (error) {
        tell(form, error.message);
      }
      button.disabled = false;
    });
  }

  const form = document.querySelector('form[data-add="files"]');
  if (form) setUpDropping(form);
}

/** Why something could not be added; it stays until the next try. */
function tell(form, problem) {
  const place = form.querySelector("[data-problem]");
  place.textContent = problem;
  place.hidden = !problem;
}

/** Files may be dropped anywhere on the page: beside the field, the browser would leave the page for the file. */
function setUpDropping(form) {
  const field = form.querySelector("[data-drop]");
  const input = form.querySelector("input[type=file]");
  const isOf = (event) => event.dataTransfer?.types.includes("Files");
  for (const kind of ["dragenter", "dragover"]) {
    addEventListener(kind, (event) => { if (isOf(event)) { event.preventDefault(); field.classList.add("over"); } });
  }
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) field.classList.remove("over"); });
  addEventListener("drop", (event) => {
    if (!isOf(event)) return;
    event.preventDefault();
    field.classList.remove("over");
    const folders = [...event.dataTransfer.items].filter((item) => item.webkitGetAsEntry?.()?.isDirectory);
    if (folders.length) { tell(form, "A folder cannot be dropped; drop the files in it."); return; }
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
}
