"use strict";
// The page of a session: arrows turn its pages, a timer, and what was typed kept in this browser until it is published.
// Nothing is sent by this script: without it, every link and form works.
const SENT = "jalon:envoi";
const TYPED = "jalon:saisie:";
const CLOCK = "jalon:minuteur:";
const DAY_MS = 86400000;

function read(key) {
  try {
    const found = JSON.parse(window.localStorage.getItem(key));
    return found && Date.now() - found.at < DAY_MS ? found : null;
  } catch {
    return null;
  }
}
function keep(key, value) {
  try {
    window.localStorage.setItem(key, JSON.stringify({ ...value, at: Date.now() }));
  } catch {
    return; // a browser that keeps nothing: the page does without
  }
}
function forget(key) {
  try {
    window.localStorage.removeItem(key);
  } catch {
    return;
  }
}

function turnPages(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("input, textarea, select, summary, button")) return;
  const side = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  const link = side && document.querySelector(`a[rel="${side}"], link[rel="${side}"]`);
  if (link) window.location.assign(link.href);
}

function startClock(shown) {
  const key = CLOCK + shown.dataset.name;
  const begun = read(key)?.begun ?? Date.now();
  keep(key, { begun });
  const due = Number(shown.dataset.minutes) * 60;
  const face = shown.querySelector("time");
  function tick() {
    const left = due - Math.floor((Date.now() - begun) / 1000);
    const whole = Math.abs(left);
    face.textContent = `${left < 0 ? "+" : ""}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
    shown.classList.toggle("over", left < 0);
  }
  tick();
  window.setInterval(tick, 1000);
}

function keepTyped(form) {
  const key = `${TYPED}${new URL(form.action).pathname}:${form.dataset.keep}`;
  const fields = () => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.type !== "submit");
  const found = read(key);
  if (found) {
    for (const one of fields()) {
      const value = found.values[one.name + (one.type === "radio" ? `=${one.value}` : "")];
      if (value === undefined) continue;
      if (one.type === "checkbox" || one.type === "radio") one.checked = value;
      else one.value = value;
    }
    const around = form.closest("details");
    if (around) around.open = true;
    document.getElementById("restaure")?.removeAttribute("hidden");
  }
  form.addEventListener("input", () => {
    const values = {};
    for (const one of fields()) {
      const isTicked = one.type === "checkbox" || one.type === "radio";
      values[one.name + (one.type === "radio" ? `=${one.value}` : "")] = isTicked ? one.checked : one.value;
    }
    keep(key, { values });
  });
}

function watchSending(form) {
  form.addEventListener("submit", (event) => {
    if (!window.navigator.onLine) {
      event.preventDefault();
      document.getElementById("hors-ligne")?.removeAttribute("hidden");
      return;
    }
    const step = event.submitter?.value;
    if (form.dataset.publish && step === "publier") {
      const fields = [...new FormData(form)];
      fields.push(["etape", "publier"]);
      keep(SENT, { action: form.action, fields, text: form.dataset.publish, typed: form.dataset.typed || "" });
    }
  });
}

function tellFate() {
  const sent = read(SENT);
  const shown = document.getElementById("sort-inconnu");
  if (!sent || !shown || new URL(sent.action).origin !== window.location.origin) return;
  document.getElementById("sort-texte").textContent = sent.text;
  const again = document.getElementById("sort-renvoi");
  again.action = sent.action;
  for (const [name, value] of sent.fields) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    again.append(field);
  }
  document.getElementById("sort-oubli").addEventListener("click", () => {
    forget(SENT);
    shown.hidden = true;
  });
  shown.hidden = false;
}

if (document.querySelector("[data-posted]")) {
  const sent = read(SENT);
  if (sent) {
    const path = new URL(sent.action).pathname;
    for (const key of Object.keys(window.localStorage)) if (key.startsWith(`${TYPED}${path}:`)) forget(key);
  }
  forget(SENT);
} else {
  // The server has answered: what became of the last sending is told on this very page.
  if (document.querySelector("[data-answered]")) forget(SENT);
  document.addEventListener("keydown", turnPages);
  document.querySelectorAll(".clock").forEach(startClock);
  document.querySelectorAll("form[data-keep]").forEach(keepTyped);
  document.querySelectorAll("form").forEach(watchSending);
  window.addEventListener("online", () => document.getElementById("hors-ligne")?.setAttribute("hidden", ""));
  if (!document.querySelector("form[data-publish]")) tellFate();
}
