// The shots of the film in a row, and the chosen one with its takes.

import { button, el, fill, spoken } from "dom";
import { address } from "media";
import { named } from "stage";
import { dollars } from "timing";

/** How a shot stands, in a word, by its picked take. */
export function standing(shot) {
  const picked = shot.takes.find((take) => take.number === shot.pick) ?? shot.takes[0];
  if (picked.there) return "done";
  return picked.standing;
}

const word = (shot) => (standing(shot) !== "done" && shot.draft ? `draft, ${standing(shot)}` : standing(shot));

function face(shot) {
  const picked = shot.takes.find((take) => take.number === shot.pick);
  const strip = (picked && picked.strip) || (shot.draft && shot.draft.strip);
  const { picture, width, height } = strip ?? shot.from;
  return el("img", {
    src: address(picture), alt: "", loading: "lazy", class: "face", width, height,
  });
}

/** All shots, in the order of the film; those that it leaves out come last. */
export function inOrder(document_) {
  const place = new Map(document_.film.order.map((id, index) => [id, index]));
  return [...document_.shots].sort((a, b) => (place.get(a.id) ?? 1e9) - (place.get(b.id) ?? 1e9));
}

export function drawShots(place, app) {
  const list = el("ol", { class: "reel" }, inOrder(app.document).map((shot) => {
    const words = `${shot.id}, ${shot.frames} frames, ${word(shot)}`;
    return el("li", {}, el("button", {
      type: "button",
      class: `card ${standing(shot).replace(" ", "-")}`,
      "aria-label": words,
      "aria-current": shot.id === app.chosen ? "true" : undefined,
      "data-id": `shot-${shot.id}`,
      onclick: () => app.choose(shot.id, { go: true }),
    }, face(shot),
    el("span", { class: "id", text: shot.id }),
    el("span", { class: "dim", text: shot.seen ? `${shot.frames} f · ${word(shot)}` : "not in the cut" })));
  }));
  const held = place.querySelector(".reel")?.scrollLeft ?? 0;
  const count = app.document.shots.length;
  fill(place, el("h2", { text: count === 1 ? "1 shot" : `${count} shots` }), list);
  list.scrollLeft = held;
}

/** Mark the chosen shot in the row, and bring it into view. */
export function markChosen(place, id) {
  for (const held of place.querySelectorAll("[aria-current]")) held.removeAttribute("aria-current");
  const found = place.querySelector(`[data-id="shot-${CSS.escape(id)}"]`);
  if (!found) return;
  found.setAttribute("aria-current", "true");
  const reel = found.closest(".reel");
  const box = found.parentElement;
  const left = box.offsetLeft - reel.offsetLeft;
  if (left < reel.scrollLeft || left + box.offsetWidth > reel.scrollLeft + reel.clientWidth) {
    reel.scrollLeft = left - (reel.clientWidth - box.offsetWidth) / 2;
  }
}

export function drawShot(place, app) {
  const shot = app.shot();
  if (!shot) {
    fill(place, el("p", { text: "There are no shots." }));
    return;
  }
  const from = keyframe(shot.from, "from");
  const to = shot.to ? keyframe(shot.to, "to") : el("p", { class: "dim", text: "open-ended" });
  fill(
    place,
    el("div", { class: "heading" }, el("h2", { text: shot.id }),
      el("span", { class: "dim", text: `${shot.scene} · ${shot.model} · ${shot.duration}` })),
    el("div", { class: "ask" }, el("div", { class: "pair" }, from, to),
      el("p", { class: "prompt", text: shot.prompt })),
    shot.notes.length ? el("ul", { class: "remarks" }, shot.notes.map((text) => el("li", { text }))) : null,
    shot.buys ? el("p", { class: "outlook" }, spoken(shot.buys)) : null,
    app.writing ? app.writing.ofShot(shot) : null,
    el("ul", { class: "takes", "aria-label": `Takes of ${shot.id}` },
      shot.takes.map((take) => drawTake(shot, take, app)),
      shot.draft ? drawDraft(shot, app) : null),
  );
}

function keyframe(still, which) {
  return el("figure", { class: "keyframe" },
    el("img", {
      src: address(still.picture), alt: `Keyframe ${which}: ${still.id}`, loading: "lazy",
      width: still.width, height: still.height,
    }),
    el("figcaption", { text: `${which} ${still.id}` }));
}

function strip(given, words) {
  return given
    ? el("img", {
      src: address(given.picture), alt: words, loading: "lazy", class: "strip",
      width: given.width * given.shown, height: given.height,
    })
    : null;
}

function drawTake(shot, take, app) {
  const picked = take.number === shot.pick;
  const price = [["paid", take.paid_microusd], ["reserved", take.reserved_microusd], ["to pay", take.price_microusd]]
    .filter(([, micro]) => micro).map(([word_, micro]) => `${dollars(micro)} ${word_}`).join(", ");
  const facts = [take.model, price, take.standing, take.shared, take.approved ? "approved" : ""];
  const numbers = Object.entries(take.measured ?? {})
    .filter(([, value]) => value !== false && value !== null)
    .map(([name, value]) => `${name} ${value === true ? "" : value}`.trim());
  return el("li", { class: picked ? "take picked" : "take" },
    el("div", { class: "heading" },
      el("h3", { text: take.number ? `Take ${take.number}` : "Own clip" }),
      picked ? el("span", { class: "badge", text: "picked" }) : null,
      take.approved ? el("span", { class: "badge good", text: "approved" }) : null),
    strip(take.strip, `Film strip of ${shot.id} take ${take.number}`),
    el("p", { class: "facts", text: facts.filter((one) => one && one !== "approved").join(" · ") }),
    numbers.length ? el("p", { class: "dim", text: numbers.join(" · ") }) : null,
    take.outlook.map((text) => el("p", { class: "outlook" }, spoken(text))),
    take.faults.map((text) => el("p", { class: "odd" }, spoken(text))),
    take.judged.length ? drawNumbers(take) : null,
    take.odd.length ? el("ul", { class: "odd" }, take.odd.map((text) => el("li", { text }))) : null,
    take.request_id ? el("p", { class: "dim", text: `request ${take.request_id}` }) : null,
    el("div", { class: "row" }, sides(shot, take.number, take.there, app),
      app.writing ? app.writing.ofTake(shot, take) : null));
}

/** What was measured, with its unit and its limit; what is odd is said above as well. */
function drawNumbers(take) {
  const known = take.judged.filter((one) => one.value !== null);
  return el("details", { "data-id": `numbers-${take.key}` },
    el("summary", { "data-id": `summary-${take.key}`, text: take.faults.length ? `${take.faults.length} odd of ${known.length} numbers` : `${known.length} numbers, all good` }),
    el("ul", { class: "numbers" }, known.map((one) =>
      el("li", {
        class: one.odd ? "odd" : "dim",
        text: `${measure(one)} ${one.value} ${one.unit} (odd ${one.odd_when} ${one.limit})`,
      }))));
}

/** What a number is called: seams by the take that they lead to. */
function measure(one) {
  if (one.kind !== "seam") return one.kind;
  const take = one.neighbour_take ? ` take ${one.neighbour_take}` : "'s clip";
  return `seam ${one.side}, to ${one.neighbour}${take}`;
}

function drawDraft(shot, app) {
  return el("li", { class: "take" },
    el("div", { class: "heading" }, el("h3", { text: "Draft" }), el("span", { class: "badge", text: "stands in" })),
    strip(shot.draft.strip, `Film strip of the draft of ${shot.id}`),
    el("p", { class: "facts", text: "drawn on this machine · free" }),
    el("div", { class: "row" }, sides(shot, 0, true, app)));
}

function sides(shot, number, there, app) {
  if (!there) return null;
  const show = (words, side, name) =>
    button(words, () => app.take(number, side), { name, "data-id": `t-${side}-${number}` });
  const two = shot.stack && shot.stack.tiles.length > 1;
  return [
    show("Show", "only", `Show ${named(number, shot)} of ${shot.id}`),
    two ? show("A", "a", `Compare ${named(number, shot)} as A`) : null,
    two ? show("B", "b", `Compare ${named(number, shot)} as B`) : null,
  ];
}
