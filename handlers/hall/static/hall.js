// The hall works without this. It adds two things: a silent preview of the film one points at, and copying a link.
"use strict";

const still = matchMedia("(prefers-reduced-motion: reduce)");
const sparing = navigator.connection?.saveData;

for (const work of document.querySelectorAll("[data-film]")) {
  let film = null;
  const play = () => {
    if (film || still.matches || sparing) return;
    film = document.createElement("video");
    Object.assign(film, { muted: true, loop: true, playsInline: true, src: work.dataset.film, tabIndex: -1 });
    film.setAttribute("aria-hidden", "true");
    film.addEventListener("playing", () => film?.classList.add("on"), { once: true });
    work.querySelector(".frame").append(film);
    film.play().catch(stop);
  };
  const stop = () => {
    if (!film || work.matches(":hover, :focus-within")) return;
    film.removeAttribute("src");
    film.load();
    film.remove();
    film = null;
  };
  work.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && play());
  work.addEventListener("pointerleave", stop);
  work.addEventListener("focusin", play);
  work.addEventListener("focusout", () => requestAnimationFrame(stop));
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    document.getElementById("copied").textContent = button.dataset.copied;
  });
}

document.querySelector(".link input")?.addEventListener("focus", (event) => event.target.select());
document.addEventListener("keydown", (event) => {
  const open = document.querySelector("details.tongues[open]");
  if (event.key === "Escape" && open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});
