// What people said of the takes, at their frames.

import { button, el, fill } from "dom";
import { named } from "stage";
import { filmFrame, timecode, Rate } from "timing";

export function drawNotes(place, app) {
  const { notes, film } = app.document;
  const rate = new Rate(film.rate);
  const placed = notes
    .map((note) => ({ note, at: filmFrame(film, note) }))
    .sort((a, b) => (a.at ?? 1e12) - (b.at ?? 1e12) || a.note.frame - b.note.frame);
  const open = notes.filter((note) => !note.done).length;
  fill(
    place,
    el("div", { class: "heading" }, el("h2", { text: "Notes" }),
      el("span", { class: "dim", text: notes.length ? `${open} open of ${notes.length}` : "none yet" })),
    app.writing ? app.writing.noteForm() : null,
    el("ul", { class: "notes" }, placed.map(({ note, at }) => drawNote(note, at, rate, app))),
  );
}

/** A name whose reading direction turns nothing behind it. */
const isolated = (name) => name && `\u2068${name}\u2069`;

function drawNote(note, at, rate, app) {
  const range = note.out === null ? `frame ${note.frame}` : `frames ${note.frame}–${note.out}`;
  const where = `${note.shot} ${named(note.take, app.shot(note.shot))} ${range}`;
  const when = at === null ? "not in the cut" : timecode(at, rate);
  return el("li", { class: note.done ? "note done" : "note" },
    el("p", { class: "said", text: note.text }),
    el("p", { class: "dim", text: [where, when, isolated(note.author), note.done ? "done" : "open"].filter(Boolean).join(" · ") }),
    el("div", { class: "row" },
      button("Show", () => app.showNote(note), { name: `Show ${where}`, "data-id": `n-show-${note.id}` }),
      app.writing ? app.writing.ofNote(note) : null));
}
