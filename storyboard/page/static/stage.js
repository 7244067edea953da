// The player and its controls: the film, a take, or two takes compared.

import { button, el, fill, say } from "dom";
import { address } from "media";
import { MODES, Painter } from "painter";
import { Player } from "player";
import { Rate, clipAt, keptPart, takeFrame, timecode } from "timing";

/** Tells `moved` when another frame is seen, `view` when something else is shown. */
export class Stage extends EventTarget {
  #place;
  #screen;
  #canvas = el("canvas", { role: "img", "aria-label": "The picture" });
  #video = el("video", { playsinline: true, preload: "auto", tabindex: "-1", "aria-hidden": "true" });
  #counter = el("output", { class: "counter", id: "counter", "aria-live": "off" });
  #field = el("input", {
    id: "frame", type: "number", min: "0", inputmode: "numeric", "aria-label": "Go to frame",
  });
  #line = el("input", { id: "position", type: "range", min: "0", value: "0", "aria-label": "Position" });
  #controls = el("div", { class: "controls", role: "group", "aria-label": "Playing" });
  #views = el("div", { class: "views", role: "group", "aria-label": "What is shown" });
  #sides = el("div", { class: "sides", role: "group", "aria-label": "Takes compared" });
  #shown = -1;
  /** The frame of side A that is to be seen next; null while it plays, and when it is seen. */
  #aim = null;

  constructor(place, app) {
    super();
    this.app = app;
    this.#place = place;
    this.player = new Player(this.#video);
    this.painter = new Painter(this.#canvas);
    this.view = "film";
    this.shot = null;
    /** The film's other shape that is looked at, by its name; null for its own. */
    this.version = null;
    /** The film that was there before, while the one of the document is in the making. */
    this.held = null;
    this.marks = { from: null, to: null };
    this.#screen = el("div", { class: "screen" }, this.#video, this.#canvas);
    place.replaceChildren(
      this.#views, this.#screen, this.#line,
      el("div", { class: "transport" }, this.#controls,
        el("label", { class: "where" }, "Frame ", this.#field), this.#counter),
      this.#sides,
    );
    this.#listen();
  }

  /** The frame that is seen: of the film, or of the takes' file; -1 until one is. */
  get frame() {
    return this.#shown;
  }

  /** The frame that is to be seen next, or that is. */
  get wanted() {
    return this.#aim ?? Math.max(this.#shown, 0);
  }

  /** Whether what is to be shown is still in the making, so that it is not asked for yet. */
  get waits() {
    return this.view === "film" && this.#film.ready === false;
  }

  get source() {
    return this.view === "film" ? this.seenFilm() : this.stack;
  }

  get #film() {
    return this.held ?? this.app.document.film;
  }

  /** The film in the shape that is looked at. */
  seenFilm() {
    const film = this.#film;
    const shape = film.versions.find((one) => one.name === this.version);
    return shape ? { ...film, video: shape.video, width: shape.width, height: shape.height } : film;
  }

  get stack() {
    return this.shot ? this.shot.stack : null;
  }

  get last() {
    return this.source.frames - 1;
  }

  /** What is seen on side A: the take, its key, its frame; of the film its clip's. */
  seen(frame = this.#shown) {
    if (this.view === "film") {
      const clip = clipAt(this.#film, Math.max(frame, 0));
      if (!clip) return null;
      return { shot: clip.shot, take: clip.take, key: clip.key, frame: takeFrame(clip, frame) };
    }
    return this.#onTile(this.painter.a, frame);
  }

  /** Show the film from a frame on. */
  async film(frame = 0) {
    this.view = "film";
    const film = this.seenFilm();
    this.painter.show(null, film.width, film.height);
    await this.#load(film, frame);
  }

  /** Show a shot's takes: `a` and `b` are takes' numbers. */
  async takes(shot, { a, b, mode, frame = 0 } = {}) {
    if (!shot.stack) {
      say(`${shot.id} has no take yet`);
      return;
    }
    const again = this.view === "takes" && this.shot === shot;
    this.view = "takes";
    this.shot = shot;
    this.painter.show(shot.stack, shot.stack.width, shot.stack.height, (place, at) => this.#part(place, at));
    this.#choose(a, b, mode);
    if (again && this.#shown >= 0) this.#again();
    else await this.#load(shot.stack, frame);
  }

  /** Look at the film in another of its shapes; over takes, at what that one keeps of them. */
  shape(name) {
    const frame = this.wanted;
    this.version = name || null;
    if (this.view === "film") this.film(frame);
    else this.#again();
  }

  /** What the version that is looked at keeps of a take's picture; null for all of it. */
  #part(place, at) {
    const shape = this.app.document.film.versions.find((one) => one.name === this.version);
    if (!shape || shape.reframe !== "crop" || !this.shot.focus) return null;
    const tile = this.stack.tiles[place];
    const way = (this.#onTile(place, at).frame - tile.first) / Math.max(1, tile.last - tile.first);
    return keptPart(this.stack, shape, this.shot.focus, way);
  }

  /** Put a take on a side. */
  side(side, number) {
    const place = this.#placeOf(number);
    if (place === null) return;
    this.painter[side] = place;
    this.#again();
  }

  mode(mode) {
    this.painter.mode = mode;
    this.painter.flipped = false;
    this.#again();
  }

  flip() {
    this.painter.flipped = !this.painter.flipped;
    this.painter.mode = "flip";
    this.#again();
  }

  shift(frames) {
    this.painter.shift = Math.max(-12, Math.min(12, this.painter.shift + frames));
    this.#again();
  }

  /** I and O: the range that is played again and again. */
  mark(end) {
    this.marks[end] = this.wanted;
    const { from, to } = this.marks;
    if (from !== null && to !== null && from > to) this.marks = { from: to, to: from };
    this.#range();
    this.#drawControls();
  }

  unmark() {
    this.marks = { from: null, to: null };
    this.#range();
    this.#drawControls();
  }

  /** Go to a frame. */
  go(frame) {
    this.#aim = Math.min(Math.max(frame, 0), this.last);
    if (!this.waits) this.#approach();
  }

  step(frames) {
    const from = this.wanted;
    this.player.pause();
    this.go(from + frames);
  }

  /** J and L. */
  shuttle(direction) {
    if (direction < 0 && this.painter.compares && this.painter.shift !== 0) {
      say("Takes that are shifted play forwards only");
      return;
    }
    if (this.#stillMade()) return;
    this.#aim = null;
    this.player.shuttle(direction);
  }

  toggle() {
    if (this.#stillMade()) return;
    this.#aim = null;
    this.player.toggle();
  }

  redraw() {
    this.#draw();
    if (this.#shown >= 0) this.#count();
  }

  #stillMade() {
    if (this.waits) say("The film is still being made; takes can be looked at");
    return this.waits;
  }

  #listen() {
    this.player.addEventListener("frame", () => this.#painted());
    this.player.addEventListener("state", () => this.#drawControls());
    this.player.addEventListener("broken", () => say("This film can't be played here", { wrong: true }));
    this.#line.addEventListener("input", () => this.go(Number(this.#line.value)));
    this.#field.addEventListener("change", () => {
      this.player.pause();
      this.go(Number(this.#field.value));
    });
    const wipe = (event) => {
      if (this.view !== "takes" || this.painter.mode !== "wipe") return;
      if (event.type === "pointermove" && !(event.buttons & 1)) return;
      this.wipe(this.#across(event.clientX));
    };
    this.#canvas.addEventListener("pointerdown", wipe);
    this.#canvas.addEventListener("pointermove", wipe);
  }

  /** How far across the picture a pointer is, in percent; the canvas may have bars beside it. */
  #across(x) {
    const box = this.#canvas.getBoundingClientRect();
    const width = Math.min(box.width, (box.height * this.#canvas.width) / this.#canvas.height);
    return ((x - box.left - (box.width - width) / 2) / width) * 100;
  }

  wipe(percent) {
    this.painter.wipe = Math.round(Math.min(Math.max(percent, 0), 100));
    const slider = this.#sides.querySelector("#wipe");
    if (slider) slider.value = this.painter.wipe;
    this.#paint();
  }

  async #load(source, frame) {
    this.#shown = -1;
    this.marks = { from: null, to: null };
    this.#line.max = source.frames - 1;
    this.#field.max = source.frames - 1;
    this.#draw();
    this.dispatchEvent(new Event("view"));
    this.#place.classList.add("waiting");
    this.#aim = frame;
    this.#counter.textContent = "";
    delete this.#counter.dataset.frame;
    this.#screen.dataset.waits = this.waits ? "The film is being made" : "Loading";
    if (this.waits) this.player.leave();
    else await this.player.load(address(source.video), source.rate, source.frames, frame);
  }

  #choose(a, b, mode) {
    const painter = this.painter;
    const count = this.stack.tiles.length;
    painter.shift = 0;
    painter.flipped = false;
    painter.a = this.#placeOf(a ?? this.shot.pick) ?? 0;
    const other = this.stack.tiles.findIndex((_, place) => place !== painter.a);
    painter.b = this.#placeOf(b) ?? Math.max(other, 0);
    painter.mode = count > 1 ? (mode ?? "one") : "one";
  }

  #placeOf(number) {
    if (number === undefined || !this.stack) return null;
    const place = this.stack.tiles.findIndex((tile) => tile.take === number);
    return place < 0 ? null : place;
  }

  /** The same frame in another way. */
  #again() {
    this.#draw();
    this.#range();
    this.dispatchEvent(new Event("view"));
    this.painter.keep(this.#video, this.player.frame);
    if (!this.player.playing) this.go(this.#aim ?? Math.max(this.#shown, 0));
  }

  /** See what is aimed at, or go to the frames of the file that are needed for it. */
  #approach() {
    const { painter, player } = this;
    const end = Math.min(this.#aim + painter.ahead, this.last);
    const missing = painter.missing(this.#aim, end, this.last);
    if (missing !== null) player.seek(missing);
    else if (player.frame !== end) player.seek(end);
    else this.#see(this.#aim);
  }

  #see(frame) {
    this.#aim = null;
    this.#shown = frame;
    this.#paint();
    this.#count();
  }

  #painted() {
    this.#place.classList.remove("waiting");
    const { painter, player } = this;
    painter.keep(this.#video, player.frame);
    if (this.#aim !== null) {
      this.#approach();
      return;
    }
    const own = Math.max(0, player.frame - painter.ahead);
    if (painter.missing(own, null, this.last) === null) this.#see(own);
  }

  #paint() {
    if (this.#shown < 0) return;
    this.painter.paint(this.#video, this.#shown, this.last);
  }

  #count() {
    const rate = new Rate(this.source.rate);
    const parts = [`${this.#shown} / ${this.last}`, timecode(this.#shown, rate)];
    const seen = this.seen();
    if (this.view === "film" && seen) parts.push(`${seen.shot} ${this.#shownOf(seen)} frame ${seen.frame}`);
    if (this.view === "takes") parts.push(...this.#sidesSeen());
    if (this.#leftOut()) parts.push(this.#leftOut());
    if (this.view === "film" && this.held) parts.push("as it was: the film is being made anew");
    this.#counter.textContent = parts.join(" · ");
    this.#counter.dataset.frame = this.#shown;
    if (document.activeElement !== this.#field) this.#field.value = this.#shown;
    this.#line.value = this.#shown;
    this.#line.setAttribute("aria-valuetext", `frame ${this.#shown}, ${timecode(this.#shown, rate)}`);
    this.dispatchEvent(new Event("moved"));
  }

  /** What the film shows of a shot, in a word. */
  #shownOf({ shot, take }) {
    const film = this.#film;
    if (film.stills.includes(shot)) return "still";
    return film.drafts.includes(shot) ? "draft" : named(take, this.app.shot(shot));
  }

  #sidesSeen() {
    const a = this.seen();
    const shown = [`A: ${named(a.take, this.shot)} frame ${a.frame}`];
    this.#counter.dataset.a = a.frame;
    if (this.painter.compares) {
      const moved = Math.min(Math.max(this.#shown + this.painter.shift, 0), this.last);
      const b = this.#onTile(this.painter.b, moved);
      shown.push(`B: ${named(b.take, this.shot)} frame ${b.frame}`);
      this.#counter.dataset.b = b.frame;
    }
    return shown;
  }

  #onTile(place, frame) {
    const tile = this.stack.tiles[place];
    const [rate, own] = [new Rate(this.stack.rate), new Rate(tile.rate)];
    const exact = Math.floor(
      (2 * frame * own.over * rate.under + own.under * rate.over) / (2 * own.under * rate.over),
    );
    const frames = Math.min(exact, tile.last - tile.first);
    return { shot: this.shot.id, take: tile.take, key: tile.key, frame: tile.first + frames };
  }

  #range() {
    const { from, to } = this.marks;
    const whole = from === null && to === null;
    const { ahead, behind } = this.painter; // the file's frames that the range's need as well
    const first = Math.max((from ?? 0) - behind, 0);
    this.player.setLoop(whole ? null : { from: first, to: Math.min((to ?? this.last) + ahead, this.last) });
  }

  #draw() {
    this.#drawViews();
    this.#drawControls();
    this.#drawSides();
  }

  #drawViews() {
    const shot = this.app.shot();
    const modes = this.view === "takes" && this.stack && this.stack.tiles.length > 1 ? MODES : {};
    fill(
      this.#views,
      button("Film", () => this.app.watchFilm(), { pressed: this.view === "film", "data-id": "v-film" }),
      button("Takes", () => this.app.compare(), {
        pressed: this.view === "takes", "data-id": "v-takes", name: `Takes of ${shot?.id ?? "the shot"}`,
      }),
      Object.entries(modes).map(([mode, words]) =>
        button(words, () => this.mode(mode), {
          pressed: this.painter.mode === mode, "data-id": `m-${mode}`, class: "mode",
        })),
      this.#shapes(),
    );
  }

  #shapes() {
    const { film } = this.app.document;
    if (!film.versions.length) return null;
    const named_ = (name, { width, height }) => `${name} ${width}×${height}`;
    const choice = (words, value) => el("option", { value, selected: (this.version ?? "") === value }, words);
    return el("label", { class: "shapes" }, "Shape ", el("select", {
      id: "shape", onchange: (event) => this.shape(event.target.value),
    }, choice(named_("film", film), ""), film.versions.map((one) => choice(named_(one.name, one), one.name))));
  }

  /** What the shape that is looked at leaves out, in words. */
  #leftOut() {
    const shape = this.app.document.film.versions.find((one) => one.name === this.version);
    if (!shape || !shape.cut_off) return null;
    return `${shape.name} leaves out ${Math.round(shape.cut_off * 100)} % of the ${shape.cut_off_of}`;
  }

  #drawControls() {
    const { player } = this;
    const step = (frames, words, sign) =>
      button(sign, () => this.step(frames), { name: words, "data-id": `c${frames}` });
    const looped = this.marks.from !== null || this.marks.to !== null;
    const range = `${this.marks.from ?? 0}–${this.marks.to ?? this.last}`;
    fill(
      this.#controls,
      button("|◂", () => this.app.nextShot(-1), { name: "Shot before ([)", "data-id": "c-prev" }),
      step(-1, "One frame back (←)", "◂"),
      button(player.playing ? "❚❚" : "►", () => this.toggle(), {
        name: player.playing ? "Pause (space)" : "Play (space)", "data-id": "c-play", class: "play",
      }),
      step(1, "One frame on (→)", "▸"),
      button("▸|", () => this.app.nextShot(1), { name: "Next shot (])", "data-id": "c-next" }),
      button("In", () => this.mark("from"), { name: "In: loop from here (I)", "data-id": "c-in" }),
      button("Out", () => this.mark("to"), { name: "Out: loop up to here (O)", "data-id": "c-out" }),
      looped
        ? button(`${range} ✕`, () => this.unmark(), { name: `${range}: loop no more (X)`, "data-id": "c-x" })
        : null,
      this.view === "film" ? this.#sound() : null,
      button("?", () => this.app.help(), { name: "Keys (?)", "data-id": "c-help" }),
    );
  }

  /** Takes are compared without their sound; the film has its own. */
  #sound() {
    return button(this.#video.muted ? "Sound off" : "Sound on", () => {
      this.#video.muted = !this.#video.muted;
      this.#drawControls();
    }, { pressed: !this.#video.muted, "data-id": "c-sound" });
  }

  #drawSides() {
    const two = this.view === "takes" && this.painter.compares;
    this.#sides.hidden = !two;
    if (!two) return;
    const { painter } = this;
    const choice = (side) =>
      el("label", {}, `${side.toUpperCase()} `,
        el("select", {
          id: `side-${side}`,
          onchange: (event) => this.side(side, Number(event.target.value)),
        }, this.stack.tiles.map((tile, place) =>
          el("option", { value: tile.take, selected: painter[side] === place }, named(tile.take, this.shot)))));
    const wipe = el("label", {}, "Wipe ", el("input", {
      id: "wipe", type: "range", min: 0, max: 100, value: painter.wipe,
      oninput: (event) => this.wipe(Number(event.target.value)),
    }));
    fill(
      this.#sides,
      choice("a"), choice("b"),
      painter.mode === "wipe" ? wipe : null,
      painter.mode === "flip"
        ? button(`Showing ${painter.flipped ? "B" : "A"}`, () => this.flip(), {
          name: `Showing ${painter.flipped ? "B" : "A"}: flip to the other take (F)`, "data-id": "s-flip",
        })
        : null,
      el("span", { class: "shift" },
        button("−", () => this.shift(-1), { name: "B one frame earlier", "data-id": "s-minus" }),
        ` B ${painter.shift > 0 ? "+" : ""}${painter.shift} `,
        button("+", () => this.shift(1), { name: "B one frame later", "data-id": "s-plus" })),
    );
  }
}

/** What a take is called; take 0 of a shot without a draft is a clip of one's own. */
export const named = (number, shot) =>
  number ? `take ${number}` : shot && !shot.draft ? "own clip" : "draft";
