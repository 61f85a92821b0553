// One question: what is common to all kinds. The kernel owns the truth; this shows its `view` and reports `events`.
// Each event is numbered and stays in `events` until the kernel acknowledges it, so what was not saved is known.

const SAVING_AFTER = 1000;
const NO_REPLY_AFTER = 8000;
const DRAFT_EVERY = 2000;

function render({ model, el }) {
  const client = Math.random().toString(36).slice(2);
  const first = model.get("view");
  const { words } = first;
  const gap = first.lang.startsWith("zh") ? "" : " "; // 。 brings its own
  let sent = 0;
  let timers = [];
  let draft = 0;

  const say = make("p", { className: "ld-say", role: "status" });
  const save = make("p", { className: "ld-save", role: "status" });
  const kind = KINDS[first.kind](first, changed, (text) => (say.textContent = text));
  const note = make("p", { className: "ld-reason", hidden: true });
  const hint = make("p", { className: "ld-hint", hidden: true });
  const model_answer = make("div", { className: "ld-model", hidden: true });
  const check = make("button", { type: "submit", className: "ld-check" }, first.kind === "written" ? words.compare : words.check);
  const askHint = make("button", { type: "button" }, words.hint);
  const reveal = make("button", { type: "button" }, words.reveal);

  const prompt = make("legend", { className: "ld-prompt" }, first.prompt);
  const group = make("fieldset", {}, prompt, make("p", { className: "ld-task" }, first.task), kind.body, note);
  const actions = make("div", { className: "ld-actions" }, check, askHint, reveal, say);
  const form = make("form", { className: "lockdesk", lang: first.lang, noValidate: true }, group, actions, hint, model_answer, save);
  form.dataset.question = first.id;
  form.dataset.kind = first.kind;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(draft);
    draft = 0;
    send("answer", kind.read());
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.target.tagName !== "INPUT") return;
    event.preventDefault(); // inside a notebook the browser does not submit a form by itself
    if (!isComposing(event)) form.requestSubmit();
  });
  askHint.addEventListener("click", () => send("hint"));
  reveal.addEventListener("click", () => send("reveal"));
  kind.text?.addEventListener("blur", flush);
  window.addEventListener("pagehide", flush);

  function changed() {
    if (first.kind !== "order") say.textContent = "";
    if (kind.text && !draft) draft = setTimeout(flush, DRAFT_EVERY);
  }

  function flush() {
    if (!draft) return;
    clearTimeout(draft);
    draft = 0;
    send("draft", kind.text.value.trim());
  }

  function send(type, answer) {
    const { acks } = model.get("view");
    const open = model.get("events").filter((event) => event.n > (acks[event.client] ?? 0));
    model.set("events", [...open, { client, n: ++sent, type, ...(answer === undefined ? {} : { answer }) }]);
    model.save_changes();
    timers.push(setTimeout(() => showSave("saving", words.saving), SAVING_AFTER));
    timers.push(setTimeout(() => showSave("failed", words["no-reply"]), NO_REPLY_AFTER));
  }

  function showSave(state, text) {
    save.dataset.state = state;
    if (save.textContent !== text) save.textContent = text;
  }

  function showReason(place, mark, text) {
    const label = mark && words[`mark-${mark}`];
    place.dataset.mark = mark;
    place.hidden = !label && !text;
    place.replaceChildren(...(label ? [make("strong", {}, label), gap] : []), text);
  }

  function show() {
    const view = model.get("view");
    if ((view.acks[client] ?? 0) >= sent) {
      timers.forEach(clearTimeout);
      timers = [];
    }
    if (view.answer !== null && view.by !== client) kind.write(view.answer);
    for (const [key, place] of kind.slots) {
      const reason = view.reasons[key] ?? { mark: "", text: "" };
      showReason(place, reason.mark, reason.text);
    }
    showReason(note, "", view.note);
    say.textContent = view.say;
    say.dataset.verdict = view.verdict;
    hint.hidden = !view.hint;
    hint.textContent = view.hint;
    swapFocus(askHint, view.canHint);
    swapFocus(reveal, view.canReveal);
    model_answer.hidden = !view.sample;
    if (view.sample) {
      const points = view.criteria.map((text) => make("li", {}, text));
      model_answer.replaceChildren(
        make("p", { className: "ld-title" }, words.criteria), make("ul", {}, ...points),
        make("p", { className: "ld-title" }, words["model-answer"]), make("blockquote", {}, view.sample),
      );
    }
    if (!timers.length) showSave(view.save.state, view.save.text);
    form.dataset.ready = "true";
  }

  /** Shows or hides a button; focus never falls off the page with it. */
  function swapFocus(button, visible) {
    if (!visible && button === document.activeElement) check.focus();
    button.hidden = !visible;
  }

  const unguard = guardKeys(form);
  model.on("change:view", show);
  el.replaceChildren(form);
  show();

  return () => {
    flush();
    timers.forEach(clearTimeout);
    model.off("change:view", show);
    window.removeEventListener("pagehide", flush);
    unguard();
  };
}

export default { render };
