// Runs inside gr.HTML (element, trigger and watch are Gradio's): a mark in an answer opens its words in this panel.
const MARK = "a.qa-mark";

function show(anchor, byReader) {
  const target = document.getElementById(anchor);
  if (!target || !element.contains(target)) return false;
  element.querySelectorAll(".qa-active").forEach((mark) => mark.classList.remove("qa-active"));
  element.querySelectorAll(".qa-highlight").forEach((mark) => {
    if (mark.dataset.for.split(" ").includes(anchor)) mark.classList.add("qa-active");
  });
  const panel = target.closest(".qa-panel");
  if (byReader) {
    target.scrollIntoView({ block: "center" });
    target.focus({ preventScroll: true });
  } else if (panel) {
    // an answer that is still coming moves its panel, never the page
    const offset = target.getBoundingClientRect().top - panel.getBoundingClientRect().top;
    panel.scrollTop += offset - panel.clientHeight / 3;
  }
  return true;
}

let wanted = "";

document.addEventListener("click", (event) => {
  const back = event.target.closest?.("a.qa-back");
  if (back) {
    event.preventDefault();
    document.querySelector("#qa-chat " + MARK + ":last-of-type")?.scrollIntoView({ block: "center" });
    document.querySelector("#qa-question textarea")?.focus({ preventScroll: true });
    return;
  }
  const link = event.target.closest?.(MARK);
  if (!link) return;
  event.preventDefault();
  const anchor = link.getAttribute("href").slice(1);
  if (show(anchor, true)) return;
  wanted = anchor;
  trigger("cite", { anchor });
});

watch("value", () => {
  const panel = element.querySelector(".qa-panel");
  const anchor = panel?.dataset.active;
  if (anchor) show(anchor, anchor === wanted);
  wanted = "";
});

// gr.Chatbot names each message by its markup; a reader of the screen shall hear what it is instead
const NAMES = { user: "Question", bot: "Answer" };
new MutationObserver(() => {
  for (const [role, name] of Object.entries(NAMES)) {
    document.querySelectorAll(`#qa-chat [data-testid="${role}"]:not([aria-label="${name}"])`).forEach((message) => {
      message.setAttribute("aria-label", name);
    });
  }
}).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-label"] });
