// Cards dragged with the mouse, or carried with the arrow keys; the list of columns of each card keeps working.

import { hold, post, say } from "/_sandbox/live.js";

const columns = () => [...document.querySelectorAll(".colonne")];
const columnOf = (card) => card.closest(".colonne");
const name = (card) => card.querySelector(".titre").textContent;
let carried = null;

function place(card, column) {
  column.querySelector(".cartes").append(card);
}

/** Puts the card down for good; the App may still put it back. */
function drop(card, from, column) {
  hold(null);
  if (column === from) return;
  if (columnOf(card) !== column) place(card, column);
  const data = new FormData();
  data.append("colonne", column.dataset.colonne);
  post(card.querySelector("form").action, data, (saved) => {
    if (!saved) place(card, from);
  });
}

// with the mouse

let dragged = null;

document.addEventListener("pointerover", (event) => {
  const card = event.target.closest?.("[data-mobile]");
  if (card) card.draggable = true;
});

// Nothing is refreshed between the press and the drag, or the card in hand would be another one.
document.addEventListener("pointerdown", (event) => {
  const card = event.target.closest?.("[data-mobile]");
  if (card && !carried) hold(card);
});

for (const over of ["pointerup", "pointercancel"]) {
  document.addEventListener(over, () => {
    if (!dragged && !carried) hold(null);
  });
}

document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.("[data-mobile]");
  if (!card) return;
  dragged = card;
  hold(card);
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", name(card));
  card.classList.add("prise");
});

function aim(column) {
  for (const other of columns()) other.classList.toggle("visee", other === column);
}

document.addEventListener("dragover", (event) => {
  const column = dragged && event.target.closest?.(".colonne");
  aim(column);
  if (column) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const column = dragged && event.target.closest?.(".colonne");
  if (!column) return;
  event.preventDefault();
  drop(dragged, columnOf(dragged), column);
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("prise");
  aim(null);
  dragged = null;
  hold(null);
});

// with the keyboard

function pick(handle) {
  const card = handle.closest(".carte");
  carried = { card, handle, from: columnOf(card), next: card.nextSibling };
  hold(card);
  card.classList.add("prise");
  handle.setAttribute("aria-pressed", "true");
  say(`« ${name(card)} » est prise, colonne ${columnOf(card).dataset.nom}. Flèches pour choisir, Entrée pour poser, Échap pour annuler.`);
}

function release() {
  carried.card.classList.remove("prise");
  carried.handle.setAttribute("aria-pressed", "false");
  const was = carried;
  carried = null;
  hold(null);
  return was;
}

function step(by) {
  const all = columns();
  const at = all.indexOf(columnOf(carried.card)) + by;
  if (at < 0 || at >= all.length) return;
  const { card, handle } = carried;
  carried.moving = true;
  place(card, all[at]);
  handle.focus();
  carried.moving = false;
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  say(`Colonne ${all[at].dataset.nom}, ${at + 1} sur ${all.length}.`);
}

function cancel() {
  const { card, from, next, handle } = carried;
  carried.moving = true;
  from.querySelector(".cartes").insertBefore(card, next);
  release();
  handle.focus();
  say("Déplacement annulé.");
}

function put() {
  const { card, from } = release();
  const column = columnOf(card);
  if (column === from) say("La carte reste à sa place.");
  drop(card, from, column);
}

document.addEventListener("click", (event) => {
  const handle = event.target.closest?.(".poignee");
  if (!handle) return;
  if (carried?.handle === handle) put();
  else if (!carried) pick(handle);
});

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

document.addEventListener("keydown", (event) => {
  if (!carried) return;
  if (event.key in STEPS) step(STEPS[event.key]);
  else if (event.key === "Escape") cancel();
  else return;
  event.preventDefault();
});

document.addEventListener("focusout", (event) => {
  if (carried && !carried.moving && event.target === carried.handle) cancel();
});
