// What happens while the page is open: told by the server, from this program and from others.

import { say } from "dom";

/** Follow the server's events; it is asked again by the browser itself when the line breaks. */
export function follow(app) {
  const source = new EventSource("/events");
  let fetching = null;
  const renew = () => {
    fetching ??= fetch("/document", { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((shown) => shown && app.renew(shown))
      .finally(() => { fetching = null; });
  };
  source.addEventListener("changed", renew);
  source.addEventListener("now", (event) => {
    const place = document.getElementById("now");
    if (place) place.textContent = JSON.parse(event.data).words;
  });
  source.addEventListener("told", (event) => {
    const { words, wrong } = JSON.parse(event.data);
    say(words, { wrong });
  });
  source.addEventListener("error", () => {
    const place = document.getElementById("now");
    if (place) place.textContent = "not connected; is `storyboard serve` still running?";
  });
  source.addEventListener("open", renew);
}
