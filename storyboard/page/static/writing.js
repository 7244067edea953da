// What the page asks the server to write. It writes to the storyboard and its notes; it never pays.

import { button, el, open, say, spoken, typed } from "dom";
import { named } from "stage";
import { dollars } from "timing";

const NAME = "storyboard author";

async function ask(what, given) {
  const answer = await fetch(`/do/${what}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(given),
  }).catch(() => null);
  if (!answer) return { error: "nothing is written: the server does not answer; is `storyboard serve` still running?" };
  const words = await answer.text();
  try {
    return JSON.parse(words);
  } catch {
    return { error: `nothing is written: ${words || `the server answered ${answer.status}`}` };
  }
}

export class Writing {
  constructor(app) {
    this.app = app;
    this.range = null;
    this.text = "";
  }

  async act(what, given, done) {
    const found = await ask(what, given);
    if (found.error) say(found.error, { wrong: true });
    else if (!found.command) say(found.message ?? done); // a command is shown with its message
    return found;
  }

  /** Say which shot is looked at, once it stays: its takes are measured first. */
  look(shot) {
    clearTimeout(this.looking);
    this.looking = setTimeout(() => ask("look", { shot }), 300);
  }

  ofShot(shot) {
    const order = this.app.document.film.order;
    const place = order.indexOf(shot.id);
    const moved = (by) => {
      const now = order.filter((id) => id !== shot.id);
      now.splice(place + by, 0, shot.id);
      return this.act("order", { shots: now }, `${shot.id} moved`);
    };
    const hold = el("input", {
      id: "hold", type: "number", min: 0, max: 9999, value: shot.hold, "aria-label": `Frames that the last picture of ${shot.id} is held`,
    });
    return el("div", { class: "row", role: "group", "aria-label": `Change ${shot.id}` },
      button("One more take…", () => this.#more(shot), { name: `One more take of ${shot.id}, ${dollars(shot.next_take_microusd)}`, "data-id": "w-more" }),
      button("Earlier", () => moved(-1), { name: `Move ${shot.id} earlier in the film`, disabled: place <= 0, "data-id": "w-earlier" }),
      button("Later", () => moved(1), { name: `Move ${shot.id} later in the film`, disabled: place < 0 || place === order.length - 1, "data-id": "w-later" }),
      el("label", {}, "Hold ", hold, " frames"),
      button("Set", () => this.act("hold", { shot: shot.id, frames: Number(hold.value) }, "held"), { name: `Set the hold of ${shot.id}`, "data-id": "w-hold" }));
  }

  ofTake(shot, take) {
    const picked = take.number === shot.pick;
    return [
      picked ? null : button("Pick", () => this.act("pick", { shot: shot.id, take: take.number }), {
        name: `Pick take ${take.number} of ${shot.id}`, class: "main", "data-id": `w-pick-${take.number}`,
      }),
      take.there ? button(take.approved ? "Approved" : "Approve", () => this.act("approve", {
        shot: shot.id, key: take.key, take: take.number, approved: !take.approved, author: author(),
      }), {
        pressed: take.approved, name: `${take.approved ? "Approved" : "Approve"}: take ${take.number} of ${shot.id}`, "data-id": `w-approve-${take.number}`,
      }) : null,
    ];
  }

  ofNote(note) {
    return [
      button(note.done ? "Open again" : "Done", () => this.act("note", { ...note, done: !note.done }, note.done ? "open again" : "done"), { name: `${note.done ? "Open again" : "Done"}: ${note.text.slice(0, 60)}`, "data-id": `n-done-${note.id}` }),
      button("Take back", () => this.act("unnote", { id: note.id, author: author() }, "taken back"), { name: `Take back: ${note.text.slice(0, 60)}`, "data-id": `n-back-${note.id}` }),
    ];
  }

  noteForm() {
    const who = el("input", { id: "author", value: author(), autocomplete: "name", maxlength: 200, oninput: (event) => localStorage.setItem(NAME, event.target.value) });
    const text = el("textarea", { id: "note", rows: 2, maxlength: 5000, oninput: (event) => { this.text = event.target.value; } });
    text.value = this.text;
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#send();
      if (event.key === "Escape") text.blur();
    });
    return el("form", { class: "form", onsubmit: (event) => { event.preventDefault(); this.#send(); } },
      el("label", {}, el("span", { id: "note-at", text: this.#where() }), text),
      el("div", { class: "row" }, el("label", {}, "Your name ", who),
        el("button", { type: "submit", class: "main", "data-id": "n-send" }, "Add note")));
  }

  /** The frame that is seen moved: the form says where a note would go. */
  moved() {
    const place = document.getElementById("note-at");
    if (place) place.textContent = this.#where();
  }

  beginNote() {
    document.getElementById("note")?.focus();
  }

  #span() {
    const { stage } = this.app;
    const { from, to } = stage.marks;
    const ranged = from !== null && to !== null && from < to;
    const first = stage.seen(ranged ? from : Math.max(stage.frame, 0));
    const last = ranged ? stage.seen(to) : null;
    if (!first) return null;
    const out = last && last.key === first.key && last.frame > first.frame ? last.frame : null;
    return { ...first, out };
  }

  #where() {
    const at = this.#span();
    if (!at) return "Note";
    const range = at.out === null ? `frame ${at.frame}` : `frames ${at.frame}–${at.out}`;
    return `Note at ${at.shot} ${named(at.take, this.app.shot(at.shot))} ${range}`;
  }

  async #send() {
    const at = this.#span();
    if (!at || !this.text.trim()) return;
    const found = await this.act("note", { ...at, text: this.text, author: author() }, "noted");
    if (found.error) return;
    this.text = "";
    const field = document.getElementById("note");
    if (field) field.value = "";
  }

  #more(shot) {
    const dialog = el("dialog", { "aria-labelledby": "more-title" },
      el("h2", { id: "more-title", tabindex: "-1", text: `One more take of ${shot.id}` }),
      el("p", { text: `It will cost ${dollars(shot.next_take_microusd)} when it is rendered. This page writes the number of takes into ${this.app.document.file}; it never pays.` }),
      el("div", { class: "row" },
        button("Write it", async () => {
          const found = await this.act("take", { shot: shot.id });
          dialog.close();
          if (found.command) this.#shown(found);
        }, { class: "main" }),
        button("Leave it", () => dialog.close())));
    open(dialog);
  }

  #shown(found) {
    const dialog = el("dialog", { "aria-labelledby": "command-title" },
      el("h2", { id: "command-title", tabindex: "-1", text: "To buy it" }),
      el("p", {}, spoken(found.message)),
      el("p", { class: "command" }, typed(found.command)),
      el("div", { class: "row" },
        button("Copy", () => navigator.clipboard.writeText(found.command).then(() => say("copied")), { class: "main" }),
        button("Close", () => dialog.close())));
    open(dialog);
  }
}

const author = () => localStorage.getItem(NAME) ?? "";
