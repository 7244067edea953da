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

/** Fill a place anew. What had the focus keeps it, and what was unfolded stays so, where it is still there. */
export function fill(place, ...children) {
  const held = place.contains(document.activeElement) ? document.activeElement : null;
  const id = held && (held.id || held.dataset.id);
  const unfolded = [...place.querySelectorAll("details[open][data-id]")].map((one) => one.dataset.id);
  place.replaceChildren(...children.flat().filter(Boolean));
  for (const one of place.querySelectorAll("details[data-id]")) one.open = unfolded.includes(one.dataset.id);
  if (id) (place.querySelector(`[data-id="${CSS.escape(id)}"], #${CSS.escape(id)}`))?.focus();
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
export const plain = (words) => words.replaceAll("`", "");

/** Whether the reader asked for less motion. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
