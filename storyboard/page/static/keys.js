// Keys as editing programs have them. They act only where no field and no dialog has the focus, and
// can be switched off: single keys get in the way of speech input and of keyboards' slips.

import { button, el, open } from "dom";

const KEYS = [
  ["Space", "play and pause"],
  ["J K L", "backwards, stop, forwards; again for faster"],
  ["← →  , .", "one frame; with Shift ten"],
  ["Home End", "first and last frame"],
  ["I O X", "loop from, loop to, loop no more"],
  ["[ ]", "shot before, next shot"],
  ["1–9", "that take; with Shift on side B"],
  ["C", "film or takes"],
  ["S W D F", "side by side, wipe, difference, flip"],
  ["M", "note at this frame"],
  ["?", "these keys"],
];
const OFF = "storyboard keys off";

function actions(app) {
  const { stage } = app;
  const ten = (event) => (event.shiftKey ? 10 : 1);
  return {
    " ": () => stage.toggle(),
    j: () => stage.shuttle(-1),
    k: () => stage.player.pause(),
    l: () => stage.shuttle(1),
    ArrowLeft: (event) => stage.step(-ten(event)),
    ArrowRight: (event) => stage.step(ten(event)),
    ",": () => stage.step(-1),
    ".": () => stage.step(1),
    "<": () => stage.step(-10),
    ">": () => stage.step(10),
    Home: () => stage.go(0),
    End: () => stage.go(stage.last),
    i: () => stage.mark("from"),
    o: () => stage.mark("to"),
    x: () => stage.unmark(),
    "[": () => app.nextShot(-1),
    "]": () => app.nextShot(1),
    c: () => (stage.view === "film" ? app.compare() : app.watchFilm()),
    s: () => app.compare({ mode: "side" }),
    w: () => app.compare({ mode: "wipe" }),
    d: () => app.compare({ mode: "difference" }),
    f: () => (stage.view === "takes" && stage.painter.mode === "flip" ? stage.flip() : app.compare({ mode: "flip" })),
    m: () => app.writeNote(),
    "?": () => app.help(),
  };
}

/** Whether a key belongs to what has the focus. */
function taken(event) {
  const held = document.activeElement;
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  if (document.querySelector("dialog[open]")) return true;
  if (!held || held === document.body) return false;
  if (held.matches("input, textarea, select, [contenteditable]")) return true;
  const pressed = event.key === " " || event.key === "Enter";
  return pressed && held.matches("button, a, summary") && held.matches(":focus-visible");
}

export function listen(app) {
  const known = actions(app);
  document.addEventListener("keydown", (event) => {
    if (taken(event) || localStorage.getItem(OFF)) return;
    const digit = /^Digit([1-9])$/.exec(event.code);
    const act = digit
      ? () => app.take(Number(digit[1]), event.shiftKey ? "b" : "a")
      : known[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    if (document.activeElement?.matches("button")) document.activeElement.blur();
    act(event);
  });
}

/** The dialog with the keys, and their switch. */
export function help() {
  const switched = el("input", {
    type: "checkbox",
    id: "keys-on",
    checked: !localStorage.getItem(OFF),
    onchange: (event) =>
      event.target.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"),
  });
  const rows = KEYS.map(([key, words]) => [el("dt", {}, el("kbd", { text: key })), el("dd", { text: words })]);
  const dialog = el("dialog", { "aria-labelledby": "keys-title" },
    el("h2", { id: "keys-title", tabindex: "-1", text: "Keys" }),
    el("dl", {}, rows.flat()),
    el("label", {}, switched, " Keys act on the page"),
    el("p", { class: "dim", text: "They never act while a field has the focus." }),
    button("Close", () => dialog.close(), { class: "main" }));
  open(dialog);
}
