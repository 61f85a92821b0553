// Keys pressed inside a question belong to the question. JupyterLab and Notebook 7 take a focused radio button or
// button in an output for command mode, where "d d" deletes the cell. They leave alone an element that carries
// data-lm-suppress-shortcuts, so it is set for each key press that is ours, before anybody else sees the key.

const NOT_OURS = "lmSuppressShortcuts";

/** Guards the keys pressed inside `root` until the returned function is called. */
function guardKeys(root) {
  const guard = (event) => {
    const target = event.target;
    if (!(target instanceof HTMLElement) || !root.contains(target)) return;
    const command = event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
    if (command) delete target.dataset[NOT_OURS];
    else target.dataset[NOT_OURS] = "true";
  };
  window.addEventListener("keydown", guard, true);
  return () => window.removeEventListener("keydown", guard, true);
}

/** Whether this key press is part of a Chinese (or other) composition and no command of ours. */
function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}
