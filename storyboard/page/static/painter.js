// What is seen of a painted frame: the film, one take, or two takes of one file compared.

export const MODES = {
  one: "One take",
  side: "Side by side",
  wipe: "Wipe",
  difference: "Difference ×4",
  flip: "Flip",
};

/** Paints the video's current picture onto a canvas. One file holds all takes of a shot. */
export class Painter {
  #canvas;
  #pen;
  #kept = new Map();

  constructor(canvas) {
    this.#canvas = canvas;
    this.#pen = canvas.getContext("2d");
    this.stack = null;
    this.mode = "one";
    this.a = 0;
    this.b = 0;
    this.wipe = 50;
    this.shift = 0;
    this.flipped = false;
  }

  /**
   * Show the film (`null`), or takes as they lie in one file; `a` and `b` are places in it. `kept`
   * says what part of a take's picture stays, by its place and its frame in the file: null for all.
   */
  show(stack, width, height, kept = () => null) {
    this.stack = stack;
    this.part = kept;
    this.#kept.clear();
    this.size = { width, height };
  }

  /** Whether both sides are shown, so that a shift means something. */
  get compares() {
    return this.stack !== null && this.mode !== "one";
  }

  /** How many frames the file is ahead of the frame that side A shows. */
  get ahead() {
    return this.compares ? Math.max(0, this.shift) : 0;
  }

  /** How many frames it is behind, where side B shows an earlier one. */
  get behind() {
    return this.compares ? Math.max(0, -this.shift) : 0;
  }

  /** The file's frames that are needed to show side A's frame `frame`. */
  needed(frame) {
    return this.compares ? [frame, frame + this.shift] : [frame];
  }

  /** Keep the picture that the video shows now. */
  keep(video, frame) {
    if (!this.compares || this.shift === 0) return;
    const copy = document.createElement("canvas");
    copy.width = video.videoWidth;
    copy.height = video.videoHeight;
    copy.getContext("2d").drawImage(video, 0, 0);
    this.#kept.delete(frame); // the newest are kept
    this.#kept.set(frame, copy);
    while (this.#kept.size > Math.abs(this.shift) + 4) {
      this.#kept.delete(this.#kept.keys().next().value);
    }
  }

  /** A frame that side A's `frame` needs beside the file's frame `end`, and that was not kept. */
  missing(frame, end, last) {
    if (!this.compares || this.shift === 0) return null;
    const wanted = this.needed(frame).map((one) => Math.min(Math.max(one, 0), last));
    return wanted.find((one) => one !== end && !this.#kept.has(one)) ?? null;
  }

  /** Paint side A's frame `frame`. `missing` has to be null. */
  paint(video, frame, last) {
    const [pictureA, pictureB] = this.#pictures(video, frame, last);
    const { width, height } = this.#resized();
    const pen = this.#pen;
    pen.globalCompositeOperation = "source-over";
    if (this.stack === null) {
      pen.drawImage(video, 0, 0, width, height);
    } else if (this.mode === "side") {
      this.#tile(pictureA, this.a, 0, 0, width / 2, height);
      this.#tile(pictureB, this.b, width / 2, 0, width / 2, height);
    } else if (this.mode === "wipe") {
      this.#wiped(pictureA, pictureB, width, height);
    } else if (this.mode === "difference") {
      this.#tile(pictureA, this.a, 0, 0, width, height);
      pen.globalCompositeOperation = "difference";
      this.#tile(pictureB, this.b, 0, 0, width, height);
      pen.globalCompositeOperation = "lighter"; // four times: a few levels can't be seen
      for (let twice = 0; twice < 2; twice += 1) pen.drawImage(this.#canvas, 0, 0);
    } else {
      const second = this.mode === "flip" && this.flipped;
      this.#tile(second ? pictureB : pictureA, second ? this.b : this.a, 0, 0, width, height);
    }
    if (this.stack !== null) this.#crops(frame, last, width, height);
  }

  #crops(frame, last, width, height) {
    const later = Math.min(Math.max(frame + this.shift, 0), last);
    if (this.mode === "side") {
      this.#crop(this.a, frame, 0, 0, width / 2, height);
      this.#crop(this.b, later, width / 2, 0, width / 2, height);
    } else if (this.mode === "flip" && this.flipped) this.#crop(this.b, later, 0, 0, width, height);
    else this.#crop(this.a, frame, 0, 0, width, height);
  }

  #pictures(video, frame, last) {
    if (!this.compares || this.shift === 0) return [video, video];
    return this.needed(frame).map((one) => this.#kept.get(Math.min(Math.max(one, 0), last)));
  }

  #resized() {
    const width = this.size.width * (this.stack && this.mode === "side" ? 2 : 1);
    if (this.#canvas.width !== width || this.#canvas.height !== this.size.height) {
      this.#canvas.width = width;
      this.#canvas.height = this.size.height;
    }
    return { width, height: this.size.height };
  }

  #wiped(pictureA, pictureB, width, height) {
    const edge = Math.round((width * this.wipe) / 100);
    this.#tile(pictureA, this.a, 0, 0, width, height);
    this.#pen.save();
    this.#pen.beginPath();
    this.#pen.rect(edge, 0, width - edge, height);
    this.#pen.clip();
    this.#tile(pictureB, this.b, 0, 0, width, height);
    this.#pen.restore();
    this.#pen.fillStyle = "rgba(255, 255, 255, 0.7)";
    if (edge > 0 && edge < width) this.#pen.fillRect(edge, 0, 1, height);
  }

  #tile(picture, place, left, top, width, height) {
    const { columns, width: w, height: h } = this.stack;
    const x = (place % columns) * w;
    const y = Math.floor(place / columns) * h;
    this.#pen.drawImage(picture, x, y, w, h, left, top, width, height);
  }

  /** Darken what a crop leaves out of a picture, and draw a line around what stays. */
  #crop(place, frame, left, top, width, height) {
    const part = this.part(place, frame);
    if (!part) return;
    const pen = this.#pen;
    const box = [left + part.left * width, top + part.top * height, part.width * width, part.height * height];
    pen.globalCompositeOperation = "source-over";
    pen.fillStyle = "rgba(0, 0, 0, 0.65)";
    pen.beginPath();
    pen.rect(left, top, width, height);
    pen.rect(...box);
    pen.fill("evenodd");
    pen.strokeStyle = "rgba(255, 255, 255, 0.85)";
    pen.lineWidth = Math.max(1, width / 480);
    pen.strokeRect(...box);
  }
}
