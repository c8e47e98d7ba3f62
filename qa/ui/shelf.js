// Runs inside gr.HTML (element, trigger and watch are Gradio's): buttons and boxes of a list say what they do.
const EVENTS = ["choose", "all", "remove", "keep", "erase", "open", "sort", "speaker"]; // Gradio reads their names here

function act(control, more) {
  if (control && EVENTS.includes(control.dataset.does)) trigger(control.dataset.does, { ...control.dataset, ...more });
}

element.addEventListener("click", (event) => act(event.target.closest("button[data-does]"), {}));
element.addEventListener("change", (event) => {
  const box = event.target.closest("input[data-does]");
  act(box, { on: box?.checked });
});

watch("value", () => element.querySelector("[data-focus]")?.focus());
