// The seams: a few frames around each, again and again, with what was measured.

import { button, calm, el, fill, spoken } from "dom";
import { address } from "media";

let drawn = "";
let sight = null;

/** Draw them, where they are others: a loop that plays goes on playing. */
export function drawSeams(place, app) {
  const { seams } = app.document;
  if (drawn === JSON.stringify(seams)) return;
  drawn = JSON.stringify(seams);
  sight?.disconnect();
  if (!seams.length) {
    fill(place, el("h2", { text: "Seams" }), el("p", { class: "dim", text: "No two shots are joined without a transition." }));
    return;
  }
  const odd = seams.filter((seam) => seam.kinds && seam.kinds.length);
  const open = seams.some((seam) => !seam.kinds);
  const words = open ? "being measured" : odd.length ? `${odd.length} of ${seams.length} odd` : "all good";
  fill(place,
    el("h2", { text: "Seams" }), el("p", { class: "dim", text: words }),
    el("ul", { class: "cards" }, seams.map((seam) => drawSeam(seam, app))));
}

function drawSeam(seam, app) {
  const name = `${seam.before} | ${seam.after}`;
  const verdict = !seam.kinds ? "not measured yet" : seam.kinds.length ? seam.kinds.join(", ") : "good";
  const video = el("video", {
    loop: true, muted: true, playsinline: true, preload: "auto", tabindex: "-1",
    width: seam.width, height: seam.height, "aria-label": `Loop over the seam ${name}`,
  });
  video.muted = true;
  const play = button("", () => turn(), { "data-id": `play-${name}` });
  const called = (words) => {
    play.textContent = words;
    play.setAttribute("aria-label", `${words} over ${name}`);
  };
  called("Play loop");
  const turn = () => {
    if (!video.src) video.src = address(seam.video);
    if (video.paused) video.play();
    else video.pause();
  };
  video.addEventListener("play", () => called("Stop loop"));
  video.addEventListener("pause", () => called("Play loop"));
  watched(video, seam);
  return el("li", { class: seam.kinds && seam.kinds.length ? "seam bad" : "seam" },
    video,
    el("div", { class: "heading" },
      el("h3", { text: name }),
      el("span", { class: seam.kinds && !seam.kinds.length ? "badge good" : "badge", text: verdict })),
    seam.told.length ? numbersOf(seam, name) : null,
    seam.remedies.map((text) => el("p", { class: "odd" }, spoken(text))),
    el("div", { class: "row" }, play,
      button("Go there", () => app.watchFilm(seam.at), { name: `Go there: the seam ${name}, ${seam.timecode}`, "data-id": `go-${name}` })));
}

/** What was measured, with its unit and its limit; what is odd is said beside it as well. */
function numbersOf(seam, name) {
  const [likeness, ...others] = seam.told;
  const said = (one) => `${one.name} ${one.value.toFixed(2)} ${one.unit} (odd ${one.odd})`;
  return el("details", { "data-id": `numbers-${name}` },
    el("summary", { text: `${likeness.name} ${likeness.value.toFixed(2)} ${likeness.unit} and ${others.length} more numbers` }),
    el("ul", { class: "numbers" }, seam.told.map((one) => el("li", { class: "dim", text: said(one) }))));
}

/** Loops play by themselves while they are in sight, unless less motion is asked for. */
function watched(video, seam) {
  sight ??= new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      if (isIntersecting) {
        if (!target.src) target.src = address(target.dataset.file);
        if (!calm()) target.play().catch(() => {});
      } else if (!target.paused) target.pause();
    }
  });
  video.dataset.file = seam.video;
  sight.observe(video);
}
