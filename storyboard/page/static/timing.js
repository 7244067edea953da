// Exact time: frames at a rate that is a fraction. Seconds exist at the video element's door alone.

/** The nearest whole number of n/d, halves upwards: what the film itself counts with. */
export const whole = (n, d) => Math.floor((2 * n + d) / (2 * d));

export class Rate {
  constructor(written) {
    const [over, under] = String(written).split("/").map(Number);
    this.over = over;
    this.under = under || 1;
  }

  get nominal() {
    return whole(this.over, this.under);
  }

  /** The middle of a frame in seconds: a seek there lands on it, however times are rounded. */
  middle(frame) {
    return ((frame + 0.5) * this.under) / this.over;
  }

  /**
   * The frame that a moment of the media belongs to. What browsers say of a picture is when it begins,
   * a little rounded; after a seek Firefox says where it was sought, half a frame later.
   */
  frame(seconds) {
    return Math.floor((seconds * this.over) / this.under + 0.25);
  }

  seconds(frames) {
    return (frames * this.under) / this.over;
  }
}

/** `HH:MM:SS:FF`, counted at the nominal rate. */
export function timecode(frame, rate) {
  const two = (number) => String(number).padStart(2, "0");
  const seconds = Math.floor(frame / rate.nominal);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return [...parts, frame % rate.nominal].map(two).join(":");
}

/** US dollars from micro-dollars, as the command line writes them. */
export function dollars(micro) {
  const [units, cents = ""] = (micro / 1e6).toFixed(6).replace(/0+$/, "").split(".");
  return `$${units}.${cents.padEnd(2, "0")}`;
}

/** The clip that a film frame is in. */
export function clipAt(film, frame) {
  return film.clips.find((clip) => frame >= clip.start && frame < clip.start + clip.frames);
}

/** The frame of its take that a clip shows on a film frame. */
export function takeFrame(clip, frame) {
  const [phase, parts] = clip.phase;
  const steps = (frame - clip.start) * (clip.last - clip.first);
  const exact = clip.first + whole(phase * clip.span + steps * parts, clip.span * parts);
  return Math.min(Math.max(exact, 0), clip.media_frames - 1);
}

/**
 * The part of a picture that a crop to another shape keeps, in parts of its width and height: as near
 * to the focus as it goes, on its way (0 to 1) from the shot's first keyframe to its next one.
 */
export function keptPart(picture, shape, [from, to], way) {
  const scale = Math.min(picture.width / shape.width, picture.height / shape.height);
  const [width, height] = [(shape.width * scale) / picture.width, (shape.height * scale) / picture.height];
  const share = way * way * (3 - 2 * way);
  const start = (axis, length) => {
    const middle = from[axis] + (to[axis] - from[axis]) * share;
    return Math.min(Math.max(middle - length / 2, 0), Math.max(1 - length, 0));
  };
  return { left: start(0, width), top: start(1, height), width, height };
}

/** The film frame that shows a take's frame, or the nearest one that the cut shows. */
export function filmFrame(film, note) {
  const own = film.clips.filter((clip) => clip.shot === note.shot);
  const moving = own.filter((clip) => !clip.held);
  const all = moving.length ? moving : own;
  const same = all.filter((clip) => clip.key === note.key);
  let best = null;
  for (const clip of same.length ? same : all) {
    for (let frame = clip.start; frame < clip.start + clip.frames; frame++) {
      const off = Math.abs(takeFrame(clip, frame) - note.frame);
      if (!best || off < best.off) best = { off, frame };
    }
  }
  return best && best.frame;
}
