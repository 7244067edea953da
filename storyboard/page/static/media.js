// Where the page's media are: beside it, at its server, or inside the page itself.

export const setting = JSON.parse(document.getElementById("setting").textContent);
const inside = new Map();

export const live = setting.live;

/** The address of a file of the page. */
export function address(name) {
  if (setting.media !== "inside") return setting.media + name;
  if (!inside.has(name)) {
    const kept = document.querySelector(`script[data-media="${CSS.escape(name)}"]`);
    if (!kept) return "";
    const letters = atob(kept.textContent);
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    const kind = name.endsWith(".mp4") ? "video/mp4" : "image/jpeg";
    inside.set(name, URL.createObjectURL(new Blob([bytes], { type: kind })));
  }
  return inside.get(name);
}
