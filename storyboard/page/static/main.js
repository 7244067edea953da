// The page: one document, what is chosen of it, and who draws what.

import { el, fill, say, spoken } from "dom";
import { help, listen } from "keys";
import { follow } from "live";
import { live } from "media";
import { drawNotes } from "notes";
import { drawSeams } from "seams";
import { drawShot, drawShots, inOrder, markChosen, standing } from "shots";
import { Stage } from "stage";
import { dollars, filmFrame } from "timing";
import { Writing } from "writing";

const place = (id) => document.getElementById(id);

class App {
  /** Whether takes are shown only until the film is made: nobody has touched anything yet. */
  #passing = false;

  /** What is being done at the moment, in words. */
  now = "";

  constructor(shown) {
    this.document = shown;
    this.writing = live ? new Writing(this) : null;
    const wanted = new URLSearchParams(location.hash.slice(1));
    this.chosen = shown.shots.some((shot) => shot.id === wanted.get("shot"))
      ? wanted.get("shot") : (shown.film.order[0] ?? shown.shots[0]?.id);
    this.writing?.look(this.chosen);
    this.stage = new Stage(place("stage"), this);
    this.stage.addEventListener("moved", () => this.#moved());
    this.stage.addEventListener("view", () => this.#remember());
    this.draw();
    this.#begin(wanted);
    listen(this);
    addEventListener("hashchange", () => this.#turn(new URLSearchParams(location.hash.slice(1))));
  }

  /** Another address of this page was opened: show what it says. */
  #turn(wanted) {
    this.#passing = false;
    if (this.shot(wanted.get("shot"))) this.choose(wanted.get("shot"));
    this.#begin(wanted);
  }

  #begin(wanted) {
    const frame = Number(wanted.get("frame")) || 0;
    const shape = this.document.film.versions.find((one) => one.name === wanted.get("shape"));
    this.stage.version = shape?.name ?? null;
    const shot = this.shot();
    if (wanted.get("view") === "takes" && shot?.stack) {
      const number = (name) => (wanted.has(name) ? Number(wanted.get(name)) : undefined);
      this.stage.takes(shot, { a: number("a"), b: number("b"), mode: wanted.get("mode"), frame });
    } else if (this.document.film.ready === false && shot?.stack && !wanted.has("view")) {
      this.#passing = true;
      for (const act of ["pointerdown", "keydown"]) {
        document.addEventListener(act, () => { this.#passing = false; }, { once: true, capture: true });
      }
      this.stage.takes(shot); // which are there at once
    } else this.stage.film(frame || (wanted.has("shot") && shot ? shot.start ?? 0 : 0));
  }

  shot(id = this.chosen) {
    return this.document.shots.find((one) => one.id === id);
  }

  /** Draw everything that depends on the document. */
  draw() {
    drawHead(place("head"), this);
    drawShots(place("shots"), this);
    drawShot(place("shot"), this);
    drawSeams(place("seams"), this);
    drawNotes(place("notes"), this);
    this.stage.redraw();
  }

  /** Say what is being done. */
  busy(words) {
    this.now = words;
    place("now").textContent = words;
  }

  /** Another document has come: what is chosen stays chosen, what is seen stays where it is. */
  async renew(shown) {
    const { stage } = this;
    const before = this.document.film;
    const [was, held] = [stage.seenFilm(), stage.seen(stage.wanted)];
    this.document = shown;
    stage.held = shown.film.ready === false ? stage.held ?? (before.ready ? before : null) : null;
    if (!this.shot()) this.chosen = shown.film.order[0] ?? shown.shots[0]?.id;
    this.draw();
    if (!shown.film.versions.some((one) => one.name === stage.version)) stage.version = null;
    const another = ["video", "ready"].some((name) => stage.seenFilm()[name] !== was[name]);
    if (this.#passing && shown.film.ready) {
      this.#passing = false;
      await stage.film(this.shot()?.start ?? 0);
    } else if (stage.view === "film" && another) {
      const same = held ? filmFrame(shown.film, held) : null;
      await stage.film(same ?? Math.min(stage.wanted, shown.film.frames - 1));
    } else if (stage.view === "takes") {
      const now = this.shot(stage.shot.id);
      if (!now?.stack) await stage.film(0);
      else if (now.stack.video !== stage.shot.stack.video) {
        const seen = stage.seen();
        await stage.takes(now, { a: seen?.take, mode: stage.painter.mode, frame: Math.max(stage.frame, 0) });
      } else stage.shot = now;
    }
  }

  choose(id, { go = false } = {}) {
    if (id !== this.chosen) {
      this.chosen = id;
      this.writing?.look(id);
      markChosen(place("shots"), id);
      drawShot(place("shot"), this);
    }
    if (!go) return;
    const shot = this.shot();
    if (this.stage.view === "takes" && shot.stack) this.stage.takes(shot);
    else if (shot.start !== null) {
      if (this.stage.view === "film") this.stage.go(shot.start);
      else this.stage.film(shot.start);
    }
    this.#remember();
  }

  nextShot(direction) {
    const shots = inOrder(this.document).filter((shot) => shot.seen || this.stage.view === "takes");
    const now = shots.findIndex((shot) => shot.id === this.chosen);
    const next = shots[Math.min(Math.max(now + direction, 0), shots.length - 1)];
    if (next) this.choose(next.id, { go: true });
  }

  watchFilm(frame) {
    const shot = this.shot();
    if (this.stage.view === "film" && frame !== undefined) this.stage.go(frame);
    else if (this.stage.view !== "film") this.stage.film(frame ?? shot?.start ?? 0);
  }

  compare({ a, b, mode } = {}) {
    const shot = this.shot();
    if (!shot) return;
    if (this.stage.view === "takes" && this.stage.shot === shot && mode) {
      if (shot.stack.tiles.length > 1) this.stage.mode(mode);
      else say(`${shot.id} has one take: there is nothing to compare it with`);
    } else this.stage.takes(shot, { a, b, mode: mode ?? undefined });
  }

  /** Show a take on a side; `only`: it alone. */
  take(number, side) {
    const shot = this.shot();
    if (!shot?.stack?.tiles.some((tile) => tile.take === number)) {
      say(`${this.chosen} has no take ${number} to show`);
      return;
    }
    const { stage } = this;
    if (stage.view !== "takes" || stage.shot !== shot) {
      const mode = side === "only" || side === "a" ? "one" : "side";
      stage.takes(shot, side === "b" ? { b: number, mode } : { a: number, mode });
      return;
    }
    if (side === "only") stage.mode("one");
    if (side === "b" && stage.painter.mode === "one") stage.mode("side");
    stage.side(side === "b" ? "b" : "a", number);
  }

  showNote(note) {
    this.choose(note.shot);
    const shot = this.shot(note.shot);
    const tile = shot?.stack?.tiles.find((one) => one.key === note.key);
    if (tile) this.stage.takes(shot, { a: tile.take, frame: note.frame - tile.first }).then(() => this.stage.go(note.frame - tile.first));
    else say(`the take that this note is about is not here`);
  }

  writeNote() {
    if (this.writing) this.writing.beginNote();
    else say("Notes are written in `storyboard serve`; this page shows them");
  }

  help() {
    help();
  }

  #moved() {
    const seen = this.stage.seen();
    if (this.stage.view === "film" && seen && seen.shot !== this.chosen) this.choose(seen.shot);
    if (this.writing) this.writing.moved();
    clearTimeout(this.later);
    this.later = setTimeout(() => this.#remember(), 400);
  }

  #remember() {
    const { stage } = this;
    const kept = new URLSearchParams({ shot: this.chosen ?? "", view: stage.view });
    if (stage.view === "takes") {
      kept.set("a", stage.stack.tiles[stage.painter.a].take);
      kept.set("b", stage.stack.tiles[stage.painter.b]?.take ?? "");
      kept.set("mode", stage.painter.mode);
    }
    if (stage.version) kept.set("shape", stage.version);
    if (stage.frame > 0) kept.set("frame", stage.frame);
    history.replaceState(null, "", `#${kept}`);
  }
}

/** How many shots are there, of how many. */
export function progress(shown) {
  return { done: shown.shots.filter((shot) => standing(shot) === "done").length, of: shown.shots.length };
}

function drawHead(head, app) {
  const { money, title, file, messages } = app.document;
  const { done, of } = progress(app.document);
  const sums = [`${dollars(money.spent_microusd)} spent`];
  if (money.reserved_microusd) sums.push(`${dollars(money.reserved_microusd)} reserved`);
  if (money.possibly_charged_microusd) sums.push(`${dollars(money.possibly_charged_microusd)} possibly charged`);
  if (money.to_pay_microusd) sums.push(`${dollars(money.to_pay_microusd)} to pay`);
  if (money.budget_microusd !== null) sums.push(`budget ${dollars(money.budget_microusd)}`);
  fill(
    head,
    el("h1", { text: title }),
    el("p", { class: "sums" },
      el("span", { class: "dim", text: file }),
      el("progress", { max: of || 1, value: done, "aria-label": "Shots that are there" }),
      el("span", { text: `${done} of ${of} shots` }),
      el("span", { text: sums.join(" · ") }),
      el("span", { id: "now", class: "dim", text: app.now })),
    el("ul", { class: "messages" }, messages.map((text) => el("li", {}, spoken(text)))),
  );
  document.title = `${done}/${of} · ${dollars(money.spent_microusd)} · ${title}`;
}

const shown = JSON.parse(document.getElementById("document").textContent);
const app = new App(shown);
if (live) follow(app);
