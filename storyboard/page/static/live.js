// What happens while the page is open: told by the server, from this program and from others.

import { say } from "dom";
import { setting } from "media";

/** Follow the server's events; it is asked again by the browser itself when the line breaks. */
export function follow(app) {
  const source = new EventSource("/events");
  let fetching = false;
  let again = false;
  let { tag } = setting;
  // A change that comes while the document is on its way is fetched as well. What is drawn from it
  // is not waited for: its film may still be in the making.
  const renew = async () => {
    again = true;
    if (fetching) return;
    fetching = true;
    while (again) {
      again = false;
      const known = { "If-None-Match": tag };
      const answer = await fetch("/document", { headers: known }).catch(() => null);
      if (!answer?.ok) continue; // it is the one that is shown, or there is none
      tag = answer.headers.get("ETag");
      app.renew(await answer.json());
    }
    fetching = false;
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
