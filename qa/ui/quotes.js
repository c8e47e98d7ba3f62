// Runs inside gr.HTML, after sources.js: the quote of a mark is shown while the mark is hovered or has the focus.
const tip = Object.assign(document.createElement("div"), { id: "qa-tip", role: "tooltip", hidden: true });
document.querySelector(".gradio-container").append(tip);
let pointed = null;

function quoteOf(mark) {
  const listed = mark.closest(".qa-answer")?.querySelector(
    `.qa-citations a[href="${CSS.escape(mark.getAttribute("href"))}"] ~ .qa-quote`
  );
  return listed && !mark.closest(".qa-citations") ? listed.textContent : "";
}

function point(mark) {
  const quote = mark && quoteOf(mark);
  if (!quote) return;
  hide();
  pointed = mark;
  tip.textContent = quote;
  tip.hidden = false;
  mark.setAttribute("aria-describedby", tip.id);
  place();
}

function place() {
  if (!pointed) return;
  const at = pointed.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, innerWidth - tip.offsetWidth - 8));
  const below = at.bottom + tip.offsetHeight + 8 < innerHeight;
  tip.style.left = `${left}px`;
  tip.style.top = `${below ? at.bottom : at.top - tip.offsetHeight}px`; // no gap: the pointer may move onto it
}

function hide() {
  pointed?.removeAttribute("aria-describedby");
  pointed = null;
  tip.hidden = true;
}

const markOf = (event) => event.target.closest?.("#qa-chat a.qa-mark");
document.addEventListener("mouseover", (event) => {
  if (markOf(event)) point(markOf(event));
  else if (!tip.contains(event.target) && pointed !== document.activeElement) hide();
});
document.addEventListener("focusin", (event) => (markOf(event) ? point(markOf(event)) : hide()));
document.addEventListener("scroll", place, { capture: true, passive: true });
document.addEventListener("click", hide, true);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || tip.hidden) return;
  hide();
  event.preventDefault(); // one Escape takes the quote away, the next one leaves
  event.stopImmediatePropagation();
}, true);
