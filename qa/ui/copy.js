async (text) => {
  // puts a text on the clipboard, and says so; a page of another machine has no navigator.clipboard without TLS
  const said = document.querySelector("#qa-said");
  const by_hand = () => {
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("the browser does not allow it");
  };
  try {
    await (navigator.clipboard ? navigator.clipboard.writeText(text) : by_hand());
    said.textContent = "Copied, with its sources.";
  } catch (error) {
    said.textContent = `Not copied: ${error.message}.`;
  }
  setTimeout(() => (said.textContent = ""), 4000);
}
