// What happens while the page is open: told by the server, from this program and from others.

import { fill, say, spoken } from "dom";
import { setting } from "media";

const GONE = "Not connected: is `storyboard serve` still running? This is how things were; nothing can be written now.";
const ANOTHER = "`storyboard serve` was started again: open the address that it printed last. Nothing is written from here.";
const STAYS = "What is shown is the film as it was before.";
const AGAIN = 3000;
/** Milliseconds after which a server that did not answer is asked once more. */

/** Follow the server's events; where there are none any more, say why. */
export function follow(app) {
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
  const listen = () => {
    const source = new EventSource("/events");
    source.addEventListener("open", () => {
      lasting("cut", "");
      renew();
    });
    source.addEventListener("changed", renew);
    source.addEventListener("now", (event) => app.busy(JSON.parse(event.data).words));
    source.addEventListener("wrong", (event) => {
      const { words } = JSON.parse(event.data);
      lasting("wrong", words && `${words}${/[.?!]$/.test(words) ? "" : "."} ${STAYS}`);
    });
    source.addEventListener("told", (event) => {
      const { words, wrong } = JSON.parse(event.data);
      say(words, { wrong });
    });
    source.addEventListener("error", async () => {
      source.close(); // browsers differ in when they try again
      app.busy("");
      const answer = await fetch("/document", { method: "HEAD" }).catch(() => null);
      lasting("cut", answer?.status === 403 ? ANOTHER : GONE);
      if (answer?.status !== 403) setTimeout(listen, AGAIN);
    });
  };
  listen();
}

/** Say something for as long as it is so. */
function lasting(id, words) {
  const place = document.getElementById(id);
  if (place.hidden === !words && place.dataset.words === words) return; // it is read aloud once
  place.dataset.words = words;
  place.hidden = !words;
  fill(place, spoken(words));
}
