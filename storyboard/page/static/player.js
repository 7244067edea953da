// A video element by whole frames. What is shown is known from the picture that was painted
// (requestVideoFrameCallback), never from the element's clock.

import { Rate } from "timing";

/** Tells `frame` when a picture is painted, `state` when it plays or stops. */
export class Player extends EventTarget {
  #video;
  #wanted = null;
  #late = null;
  #back = null;
  #load = 0;

  constructor(video) {
    super();
    this.#video = video;
    this.rate = new Rate("24");
    this.frames = 0;
    this.frame = -1;
    this.speed = 0;
    this.loop = null;
    video.addEventListener("seeked", () => this.#seeked());
    video.addEventListener("ended", () => this.#ended());
    video.addEventListener("error", () => this.dispatchEvent(new Event("broken")));
    video.requestVideoFrameCallback((_, seen) => this.#painted(seen));
  }

  get video() {
    return this.#video;
  }

  get playing() {
    return this.speed !== 0;
  }

  /** Show another file, from a frame on. */
  async load(address, rate, frames, frame = 0) {
    this.pause();
    const turn = ++this.#load;
    this.rate = new Rate(rate);
    this.frames = frames;
    this.frame = -1;
    this.loop = null;
    this.#wanted = null;
    const there = new Promise((done) => {
      this.#video.addEventListener("loadedmetadata", done, { once: true });
    });
    this.#video.src = await address;
    if (turn !== this.#load) return;
    this.#video.load();
    await there;
    if (turn === this.#load) this.seek(frame);
  }

  /** Show nothing. */
  leave() {
    this.pause();
    this.#load += 1;
    this.#wanted = null;
    this.frame = -1;
    this.#video.removeAttribute("src");
    this.#video.load();
  }

  /** Go to a frame; of several wishes the newest counts. */
  seek(frame) {
    const busy = this.#wanted !== null;
    this.#wanted = Math.min(Math.max(frame, 0), Math.max(this.frames - 1, 0));
    if (busy) return; // what is under way is followed by the newest wish
    if (this.#wanted === this.frame) this.#wanted = null;
    else this.#go();
  }

  /** Stop, and go so many frames on or back. */
  step(frames) {
    const from = this.#wanted ?? this.frame;
    this.pause();
    this.seek(Math.max(from, 0) + frames);
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play(1);
  }

  /** J, K and L: once more in the same direction is faster. */
  shuttle(direction) {
    const faster = Math.sign(this.speed) === direction ? this.speed * 2 : direction;
    this.play(Math.max(-8, Math.min(8, faster)));
  }

  pause() {
    this.#stop();
    this.#video.pause();
    this.#state(0);
  }

  play(speed) {
    this.#stop();
    if (speed > 0) {
      this.#video.playbackRate = speed;
      if (this.frame >= this.#last && this.#first < this.#last) this.#rewind();
      else this.#run();
    } else {
      this.#video.pause();
      this.#backwards(-speed);
    }
    this.#state(speed);
  }

  /** Play a range again and again; `null` ends that. */
  setLoop(range) {
    this.loop = range;
    if (range && this.playing && (this.frame < range.from || this.frame > range.to)) {
      this.seek(range.from);
    }
  }

  get #first() {
    return this.loop ? this.loop.from : 0;
  }

  get #last() {
    return this.loop ? this.loop.to : this.frames - 1;
  }

  #state(speed) {
    this.speed = speed;
    this.dispatchEvent(new Event("state"));
  }

  #stop() {
    cancelAnimationFrame(this.#back);
    this.#back = null;
  }

  #go(aside = 0) {
    this.#video.currentTime = this.rate.middle(this.#wanted) + aside;
  }

  #seeked() {
    if (this.#wanted === null) return;
    const off = Math.abs(this.#video.currentTime - this.rate.middle(this.#wanted));
    if (off > this.rate.seconds(0.25)) this.#go();
    else {
      // The picture is painted a moment later. Where a browser leaves that out, it is asked again.
      clearTimeout(this.#late);
      this.#late = setTimeout(() => this.#wanted !== null && this.#go(this.rate.seconds(0.1)), 1000);
    }
  }

  #painted(seen) {
    this.#video.requestVideoFrameCallback((_, next) => this.#painted(next));
    this.frame = this.rate.frame(seen.mediaTime);
    const arrived = this.frame === this.#wanted;
    if (arrived) this.#wanted = null;
    else if (this.#wanted !== null && !this.#video.seeking) this.#go();
    if (this.speed > 0 && arrived) this.#run();
    const looped = this.speed > 0 && this.loop && this.#wanted === null;
    if (!looped || this.frame <= this.loop.to) this.dispatchEvent(new Event("frame"));
    if (looped && this.frame >= this.loop.to) this.#rewind();
  }

  #ended() {
    if (this.loop) this.#rewind();
    else this.#state(0);
  }

  #run() {
    this.#video.play().catch(() => this.#state(0));
  }

  /** Go to the first frame, and play on once it is seen: what runs while it seeks shows others. */
  #rewind() {
    this.#video.pause();
    this.seek(this.#first);
  }

  #backwards(speed) {
    const began = performance.now();
    const from = Math.max(this.#wanted ?? this.frame, 0);
    const turn = () => {
      const passed = ((performance.now() - began) / 1000) * speed;
      const target = from - Math.floor((passed * this.rate.over) / this.rate.under);
      if (target <= this.#first) {
        this.seek(this.#first);
        this.pause();
        return;
      }
      this.seek(target);
      this.#back = requestAnimationFrame(turn);
    };
    this.#back = requestAnimationFrame(turn);
  }
}
