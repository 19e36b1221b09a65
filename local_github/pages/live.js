// What a page does by itself: it shows what others did, sends small forms without reloading, and loses nothing typed.
// Without this file every form still works: the page is then reloaded.

const PERIOD_MS = 1000;
const SLOW_MS = 5000;
const NOTICE_MS = 8000;
const notice = document.getElementById("annonce");
const dates = new Intl.DateTimeFormat("fr-FR", { dateStyle: "medium", timeStyle: "short" });

let version = document.body.dataset.version;
let sending = Promise.resolve();
let waiting = 0;
let gestures = 0;
let held = null;
let noticeTimer = 0;
const known = new Map();

const key = (element) => element.dataset.vif;
const parts = (root) => root.querySelectorAll("[data-vif]");
const partOf = (root, id) => root.querySelector(`[data-vif="${CSS.escape(id)}"]`);
const isField = (element) => Boolean(element?.matches?.("textarea, select, input:not([type=hidden])"));

export function say(words) {
  clearTimeout(noticeTimer);
  notice.textContent = words;
  noticeTimer = setTimeout(() => { notice.textContent = ""; }, NOTICE_MS);
}

/** Nothing is refreshed while somebody holds a card. */
export function hold(element) {
  held = element;
}

const proposed = (select) => [...select.options].find((option) => option.defaultSelected) ?? select.options[0];

function changed(field) {
  if (field.name === "case" || field.type === "hidden") return false;
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return field.selectedOptions[0] !== proposed(field);
  return field.value !== field.defaultValue;
}

/** Somebody is at work in this part of the page: it waits. */
function busy(part) {
  if (held && part.contains(held)) return true;
  const active = document.activeElement;
  if (part.contains(active) && isField(active) && active.name !== "case") return true;
  return [...part.querySelectorAll("textarea, select, input")].some((field) => field.form && changed(field));
}

function dress(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    time.textContent = dates.format(new Date(time.dateTime));
  }
}

function keepOpen(before, after) {
  for (const opened of before.querySelectorAll("details[open][data-garde]")) {
    const same = after.querySelector(`details[data-garde="${CSS.escape(opened.dataset.garde)}"]`);
    if (same) same.open = true;
  }
}

function fresh(part, html, news) {
  const copy = document.importNode(part, true);
  const id = key(part);
  const before = known.get(id);
  if (part.dataset.annonce && part.dataset.annonce !== before?.words) news.push(part.dataset.annonce);
  known.set(id, { html, words: part.dataset.annonce });
  dress(copy);
  return copy;
}

/** One list: what is new comes in, what is gone leaves, what changed is replaced where it stands. */
function updateList(list, wanted, news, added) {
  let late = false;
  const here = new Map([...list.children].map((child) => [key(child), child]));
  const stay = new Set([...wanted.children].map(key));
  for (const [id, child] of here) {
    if (stay.has(id)) continue;
    if (busy(child)) late = true;
    else child.remove();
  }
  let after = null;
  for (const part of wanted.children) {
    let child = here.get(key(part));
    if (!child) {
      const elsewhere = partOf(document, key(part));
      if (elsewhere && busy(elsewhere)) { late = true; continue; }
      elsewhere?.remove();
      child = fresh(part, part.outerHTML, news);
      child.classList.add("neuf");
      added.push(child);
    } else if (known.get(key(part))?.html !== part.outerHTML) {
      if (busy(child)) late = true;
      else {
        if (part.dataset.maj && part.dataset.vu !== child.dataset.vu) news.push(part.dataset.maj);
        const copy = fresh(part, part.outerHTML, news);
        keepOpen(child, copy);
        child.replaceWith(copy);
        child = copy;
      }
    }
    const place = after ? after.nextSibling : list.firstChild;
    if (place !== child) list.insertBefore(child, place);
    after = child;
  }
  return late;
}

function updatePart(part, news) {
  if (part.parentElement.dataset.vifListe || known.get(key(part))?.html === part.outerHTML) return false;
  const here = partOf(document, key(part));
  if (!here || here.parentElement.dataset.vifListe) return false;
  if (busy(here)) return true;
  const copy = fresh(part, part.outerHTML, news);
  keepOpen(here, copy);
  here.replaceWith(copy);
  return false;
}

/** How to find an element again once its part of the page was replaced. */
function addressOf(element) {
  if (!element || element === document.body) return null;
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (element.name === "case") return `[data-point="${CSS.escape(element.dataset.point)}"]`;
  const garde = element.matches("summary") && element.parentElement.dataset.garde;
  if (garde) return `details[data-garde="${CSS.escape(garde)}"] > summary`;
  const action = element.form?.getAttribute("action");
  if (!action) return null;
  return `form[action="${CSS.escape(action)}"] button${element.value ? `[value="${CSS.escape(element.value)}"]` : ""}`;
}

/** Brings the page to what `wanted` shows; one's own gestures are not announced a second time. */
function apply(wanted, quiet = false) {
  const active = document.activeElement;
  const address = addressOf(active);
  const news = [];
  const added = [];
  let late = false;
  for (const list of document.querySelectorAll("[data-vif-liste]")) {
    const same = wanted.querySelector(`[data-vif-liste="${CSS.escape(list.dataset.vifListe)}"]`);
    if (same && updateList(list, same, news, added)) late = true;
  }
  for (const part of parts(wanted)) {
    if (updatePart(part, news)) late = true;
  }
  const style = document.querySelector("link[rel=stylesheet]");
  const styled = wanted.querySelector("link[rel=stylesheet]")?.getAttribute("href");
  if (styled && style.getAttribute("href") !== styled) style.setAttribute("href", styled);
  document.title = wanted.title;
  if (address && document.activeElement !== active) {
    const same = document.contains(active) ? active : document.querySelector(address);
    same?.focus({ preventScroll: true });
  }
  if (!quiet) {
    if (news.length) say(news.join(" "));
    pointTo(added.filter((child) => child.matches(".dit")));
  }
  if (!late) version = wanted.body.dataset.version;
}

/** A link towards what came in out of sight; it never scrolls by itself. */
function pointTo(added) {
  const below = added.find((child) => child.getBoundingClientRect().top > innerHeight);
  if (!below) return;
  document.querySelector(".plus-bas")?.remove();
  const link = document.createElement("a");
  link.className = "plus-bas";
  link.href = `#${below.querySelector("article").id}`;
  link.textContent = "Voir le nouveau commentaire";
  link.addEventListener("click", () => link.remove());
  document.body.append(link);
  new IntersectionObserver((seen, watch) => {
    if (seen.some((one) => one.isIntersecting)) { link.remove(); watch.disconnect(); }
  }).observe(below);
}

const read = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
const samePage = (answer) => new URL(answer.url).pathname + new URL(answer.url).search === location.pathname + location.search;

/** False when this page is no more. What was asked before a gesture is older than the gesture: it is dropped. */
async function refresh(quiet = false) {
  const before = gestures;
  const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } });
  const page = await read(answer);
  if (answer.ok && gestures === before) apply(page, quiet);
  return answer.ok;
}

/** The page GitHub answers with, or null: it has then been said why. */
async function send(action, data) {
  try {
    const answer = await fetch(action, { method: "POST", body: new URLSearchParams(data) });
    const page = await read(answer);
    if (answer.ok) return { page, same: samePage(answer) };
    say(page.querySelector(".alerte strong")?.textContent ?? "Cela n’a pas pu être enregistré.");
  } catch {
    say("Le GitHub local ne répond plus : rien n’a été enregistré.");
  }
  return null;
}

/** One after the other, in the order of the gestures; `done` hears whether it was saved. */
export function post(action, data, done) {
  waiting += 1;
  gestures += 1;
  sending = sending.then(async () => {
    const sent = await send(action, data);
    waiting -= 1;
    done(Boolean(sent));
    if (waiting) return;
    if (sent?.same) apply(sent.page, true);
    else await refresh(true);
  }).catch(() => {});
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-doux]")) return;
  event.preventDefault();
  if (event.submitter?.matches("[data-apercu]")) {
    preview(event.submitter.formAction, new FormData(form));
    return;
  }
  if (form.dataset.envoi) return;
  form.dataset.envoi = "1";
  post(form.action, new FormData(form, event.submitter), (saved) => {
    delete form.dataset.envoi;
    if (!saved) return;
    say(form.dataset.dit ?? "C’est enregistré.");
    for (const field of form.elements) settle(field);
    const details = form.closest("details") ?? form.querySelector("details[open]");
    details?.removeAttribute("open");
    if (details?.contains(document.activeElement)) details.querySelector("summary").focus({ preventScroll: true });
  });
});

/** Shows under the text what it would look like. */
async function preview(action, data) {
  const sent = await send(action, data);
  const shown = sent?.page.getElementById("apercu");
  if (!shown) return;
  const place = document.getElementById("apercu");
  place.replaceChildren(...document.importNode(shown, true).childNodes);
  place.focus();
}

/** What was sent is no longer being typed. */
function settle(field) {
  if (field.id === "commentaire") {
    field.value = "";
    document.getElementById("apercu").replaceChildren();
    sessionStorage.removeItem(draft);
  }
  if (field.type === "checkbox") field.defaultChecked = field.checked;
  if (field.tagName === "SELECT") for (const option of field.options) option.defaultSelected = option.selected;
  if ("defaultValue" in field && field.id !== "commentaire") field.defaultValue = field.value;
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.name !== "case" || !box.form) return;
  const ticked = box.checked;
  const data = new URLSearchParams({ rang: box.value, point: box.dataset.point, cochee: ticked ? "oui" : "non" });
  post(box.form.action.replace(/cases$/, "case"), data, (saved) => {
    if (saved) say(ticked ? "Case cochée." : "Case décochée.");
    else box.checked = !ticked;
  });
});

async function look() {
  if (document.visibilityState === "hidden" || waiting || held) return PERIOD_MS;
  try {
    const answer = await fetch("/_sandbox/version");
    const now = answer.ok ? await answer.text() : version;
    if (now !== version && !waiting && !(await refresh())) version = now;
    return PERIOD_MS;
  } catch {
    return SLOW_MS;
  }
}

// A comment begun is kept while one goes and looks at another page, or changes person.
const draft = `brouillon ${location.pathname}`;
const comment = document.getElementById("commentaire");
if (comment) {
  comment.value ||= sessionStorage.getItem(draft) ?? "";
  comment.addEventListener("input", () => sessionStorage.setItem(draft, comment.value));
}

let timer = 0;
async function watch() {
  clearTimeout(timer);
  const pause = await look();
  clearTimeout(timer);
  if (document.visibilityState !== "hidden") timer = setTimeout(watch, pause);
}

for (const part of parts(document)) known.set(key(part), { html: part.outerHTML, words: part.dataset.annonce });
document.documentElement.classList.add("js");
dress(document);
document.addEventListener("visibilitychange", watch);
watch();
