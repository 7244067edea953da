// Making elements. Words are only ever set as text, so nothing that is said can become markup.

/** An element with attributes, listeners (`on…`) and children; `null` children are left out. */
export function el(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "text") made.textContent = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** A button with words; `pressed` makes it a switch, `name` says more than the words do. */
export function button(words, action, { pressed, name, ...given } = {}) {
  return el("button", {
    type: "button",
    onclick: action,
    "aria-pressed": pressed === undefined ? undefined : String(pressed),
    "aria-label": name,
    title: name,
    ...given,
  }, words);
}

/**
 * Fill a place anew. What had the focus keeps it, with what was typed there, and what was unfolded
 * stays so, where it is still there.
 */
export function fill(place, ...children) {
  const held = place.contains(document.activeElement) ? document.activeElement : null;
  const unfolded = [...place.querySelectorAll("details[open][data-id]")].map((one) => one.dataset.id);
  place.replaceChildren(...children.flat().filter(Boolean));
  for (const one of place.querySelectorAll("details[data-id]")) one.open = unfolded.includes(one.dataset.id);
  const again = held && found(nameOf(held));
  if (!again) return;
  again.focus();
  if (!again.matches("textarea, input:not([type=range])")) return;
  again.value = held.value;
  if (held.selectionStart !== null) again.setSelectionRange(held.selectionStart, held.selectionEnd);
}

const nameOf = (one) => one.id || one.dataset.id || null;
const found = (name) => name && document.querySelector(`[data-id="${CSS.escape(name)}"], #${CSS.escape(name)}`);

let opener = null;

/**
 * Show a dialog. Its heading has the focus, so that it is read and nothing is done by a slip; when it
 * closes, what opened it has the focus again, even where that was drawn anew meanwhile.
 */
export function open(dialog) {
  opener = nameOf(document.activeElement) ?? opener;
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (!document.querySelector("dialog")) found(opener)?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("h2").focus();
}

/** Tell people who can't see it what has changed; shown for a moment to everybody. */
export function say(words, { wrong = false } = {}) {
  const place = document.getElementById("said");
  place.textContent = plain(words);
  place.classList.toggle("wrong", wrong);
  place.classList.add("fresh");
  clearTimeout(say.timer);
  say.timer = setTimeout(() => place.classList.remove("fresh"), wrong ? 12000 : 6000);
}

/** Words without the marks that set off what is typed. */
const plain = (words) => words.replaceAll("`", "");

/** Words as nodes, with what is to be typed set off. */
export const spoken = (words) => words.split("`").map((part, place) => (place % 2 ? typed(part) : part));

/** What is to be typed: its words stay whole as far as there is room. */
export const typed = (command) =>
  el("code", {}, command.split(" ").flatMap((word, place) => [place ? " " : "", el("span", { text: word })]));

/** Whether the reader asked for less motion. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
