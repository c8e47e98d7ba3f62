// Runs inside gr.HTML (element, trigger and watch are Gradio's): a mark in an answer opens its words in this panel.
const MARK = "a.qa-mark";
const chat = () => document.querySelector("#qa-chat");
const box = () => document.querySelector("#qa-question textarea");
const panelOf = () => element.querySelector(".qa-panel");

function show(anchor, byReader) {
  const target = document.getElementById(anchor);
  if (!target || !element.contains(target)) return false;
  element.querySelectorAll(".qa-active").forEach((mark) => mark.classList.remove("qa-active"));
  element.querySelectorAll(".qa-highlight").forEach((mark) => {
    if (mark.dataset.for.split(" ").includes(anchor)) mark.classList.add("qa-active");
  });
  const panel = panelOf();
  const at = anchorsOf(panel).indexOf(anchor);
  if (at >= 0) {
    panel.dataset.active = anchor;
    const position = panel.querySelector(".qa-position b");
    if (position) position.textContent = at + 1;
  }
  if (byReader) {
    target.scrollIntoView({ block: "center" });
    target.focus({ preventScroll: true });
  } else {
    // an answer that is still coming moves its panel, never the page
    const offset = target.getBoundingClientRect().top - panel.getBoundingClientRect().top;
    panel.scrollTop += offset - panel.clientHeight / 3;
  }
  return true;
}

const anchorsOf = (panel) => (panel?.dataset.anchors ?? "").split(" ").filter(Boolean);
let wanted = "";

function open(anchor) {
  if (show(anchor, true)) return;
  wanted = anchor;
  trigger("cite", { anchor });
}

function step(by) {
  const panel = panelOf();
  const anchors = anchorsOf(panel);
  const at = anchors.indexOf((panel?.dataset.active ?? "").split("@")[0]);
  if (at >= 0) open(anchors[(at + by + anchors.length) % anchors.length]);
  else lastAnswersMark()?.click();
}

function lastAnswersMark() {
  const answers = [...document.querySelectorAll("#qa-chat .qa-answer")].filter((each) => each.querySelector(MARK));
  return answers.at(-1)?.querySelector(MARK);
}

// to the mark that leads to what is shown, or to the question
function back() {
  const anchor = (panelOf()?.dataset.active ?? "").split("@")[0];
  const mark = anchor && chat()?.querySelector(`${MARK}[href="#${CSS.escape(anchor)}"]`);
  const target = mark || box();
  target?.scrollIntoView({ block: "center" });
  target?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".qa-step");
  if (button) step(Number(button.dataset.step));
  const link = event.target.closest?.("a.qa-back, " + MARK);
  if (!link) return;
  event.preventDefault();
  if (link.matches(MARK)) open(link.getAttribute("href").slice(1));
  else back();
});

// letters only where nothing is typed, and only inside the answers and their sources (WCAG 2.1.4)
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const inSources = element.contains(event.target);
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "Escape" && event.target === box()) lastAnswersMark()?.focus();
  else if (typing || !(inSources || chat()?.contains(event.target))) return;
  else if (event.key === "Escape") inSources ? back() : box()?.focus();
  else if (event.key === "n") step(1);
  else if (event.key === "p") step(-1);
  else return;
  event.preventDefault();
});

watch("value", () => {
  const anchor = panelOf()?.dataset.active;
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
