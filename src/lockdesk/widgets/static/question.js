// One question: what is common to all kinds. The kernel owns the truth; this shows its `view` and reports events.

const DRAFT_EVERY = { written: 2000, number: 700, order: 300, single: 0, multi: 0, match: 0 };

/** The page of one question in one language: its elements, and how they are filled. `send` reports what the learner did. */
function compose(view, send) {
  const { words } = view;
  const gap = view.lang.startsWith("zh") ? "" : " "; // 。 brings its own
  let draft = 0;

  const say = make("p", { className: "ld-say", role: "status" });
  const save = make("p", { className: "ld-save", role: "status" });
  const kind = KINDS[view.kind](view, changed, (text) => (say.textContent = text));
  const note = make("p", { className: "ld-reason", hidden: true });
  const hint = make("p", { className: "ld-hint", hidden: true });
  const model_answer = make("div", { className: "ld-model", hidden: true });
  const check = make("button", { type: "submit", className: "ld-check" }, view.kind === "written" && words.compare ? words.compare : words.check);
  const askHint = make("button", { type: "button" }, words.hint);
  const reveal = make("button", { type: "button" }, words.reveal);

  const task = make("p", { className: "ld-task" }, view.task);
  const group = make("fieldset", {}, make("legend", { className: "ld-prompt" }, view.prompt), task, kind.body, note);
  const actions = make("div", { className: "ld-actions" }, check, askHint, reveal, say);
  const form = make("form", { className: "lockdesk", lang: view.lang, noValidate: true }, group, actions, hint, model_answer, save);
  form.dataset.question = view.id;
  form.dataset.kind = view.kind;
  form.dataset.graded = view.graded;
  const other = view.other && make("button", { type: "button", className: "ld-lang", lang: view.other.lang }, view.other.name);
  if (other) {
    form.prepend(other);
    other.addEventListener("click", () => {
      flush();
      send("lang");
    });
  }

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
  form.addEventListener("focusout", flush);

  function changed() {
    if (view.kind !== "order") say.textContent = "";
    if (view.kind === "number") clearTimeout(draft), (draft = 0); // half a number is another number
    if ((kind.text || view.graded) && !draft) draft = setTimeout(flush, DRAFT_EVERY[view.kind]);
  }

  /** In an assignment every change is recorded; in practice only what is being written. */
  function flush() {
    if (!draft) return;
    clearTimeout(draft);
    draft = 0;
    send("draft", kind.text ? kind.text.value.trim() : kind.read());
  }

  function showReason(place, mark, text) {
    const label = mark && words[`mark-${mark}`];
    place.dataset.mark = mark;
    place.hidden = !label && !text;
    place.replaceChildren(...(label ? [make("strong", {}, label), gap] : []), text);
  }

  /** Shows or hides a button; focus never falls off the page with it. */
  function swapFocus(button, visible) {
    if (!visible && button === document.activeElement) (check.hidden ? form.querySelector(".ld-arrow, input, select") : check)?.focus();
    button.hidden = !visible;
  }

  return {
    form,
    kind,
    words,
    lang: view.lang,
    other,
    flush,
    unguard: guardKeys(form),
    showSave(state, text) {
      save.dataset.state = state;
      if (save.textContent !== text) save.textContent = text;
    },
    fill(view, mine) {
      if (view.answer !== null && !mine) kind.write(view.answer);
      for (const [key, place] of kind.slots) {
        const reason = view.reasons[key] ?? { mark: "", text: "" };
        showReason(place, reason.mark, reason.text);
      }
      showReason(note, "", view.note);
      if (view.say || !view.graded || view.kind !== "order") say.textContent = view.say; // else it says what was just moved where
      say.dataset.verdict = view.verdict;
      hint.hidden = !view.hint;
      hint.textContent = view.hint;
      swapFocus(check, Boolean(view.words.check));
      swapFocus(askHint, view.canHint);
      swapFocus(reveal, view.canReveal);
      actions.dataset.empty = [check, askHint, reveal].every((button) => button.hidden);
      model_answer.hidden = !view.sample;
      if (view.sample) {
        const points = view.criteria.map((text) => make("li", {}, text));
        model_answer.replaceChildren(
          make("p", { className: "ld-title" }, words.criteria), make("ul", {}, ...points),
          make("p", { className: "ld-title" }, words["model-answer"]), make("blockquote", {}, view.sample),
        );
      }
      form.dataset.ready = "true";
    },
  };
}

function render({ model, el }) {
  let page;
  const line = link(model, (state) => page.showSave(state, page.words[state === "saving" ? "saving" : "no-reply"]));

  /** Sets the page in the view's language; what has been filled in but is no whole answer yet goes along. */
  function set(view) {
    const before = page;
    page = compose(view, line.send);
    if (before) {
      before.unguard();
      const kept = before.kind.keep ? before.kind.keep() : before.kind.read();
      if (kept !== null) page.kind.write(kept);
    }
    const hadFocus = before?.other === document.activeElement;
    el.replaceChildren(page.form);
    if (hadFocus) page.other.focus();
  }

  function show() {
    const view = model.get("view");
    const settled = line.settled();
    const anew = page?.lang !== view.lang;
    if (anew) set(view);
    page.fill(view, view.by === line.client || (anew && line.sent > 0));
    if (settled) page.showSave(view.save.state, view.save.text);
  }

  const leave = () => page.flush();
  window.addEventListener("pagehide", leave);
  model.on("change:view", show);
  show();

  return () => {
    page.flush();
    line.stop();
    model.off("change:view", show);
    window.removeEventListener("pagehide", leave);
    page.unguard();
  };
}

export default { render };
