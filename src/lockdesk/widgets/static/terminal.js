// A payment terminal: case, lamps, display, keypad, receipt, and what a person can do to it by hand. The kernel owns the
// device; this shows its `view` and reports which button was pressed.

const PAD = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "menu", "0", "power", "cancel", "clear", "ok"];
const TYPED = { Enter: "ok", Backspace: "clear", Delete: "clear", Escape: "cancel" };

/** Sets an element's text only when it differs, so that a screen reader says only what is new. */
function tell(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Shows `texts` as the lines of a live region; untouched when they are the same. */
function tellLines(element, texts) {
  const key = texts.join("\n");
  if (element.dataset.said === key) return;
  element.dataset.said = key;
  element.replaceChildren(...texts.map((text) => make("p", {}, text)));
}

function device(view, send) {
  const { words } = view;
  const keys = new Map();
  const lamps = new Map();
  const moves = [];

  const lines = make("div", { className: "ld-lines", role: "status", id: uniqueId() });
  const strip = make("div", { className: "ld-strip" });
  const screen = make("div", { className: "ld-screen", role: "application", "aria-label": words["terminal-typing"], "aria-describedby": lines.id }, strip, lines);
  screen.tabIndex = 0;

  const lampRow = make("ul", { className: "ld-lamps", "aria-label": words["terminal-lamps"] });
  for (const { key, label } of view.device.lamps) {
    const says = make("span", { className: "ld-unseen" });
    const lamp = make("li", {}, make("span", { className: "ld-lamp", "aria-hidden": "true" }), label, says);
    lamp.dataset.lamp = key;
    lamps.set(key, { lamp, says });
    lampRow.append(lamp);
  }

  const press = (key) => {
    const button = keys.get(key);
    button.dataset.down = "true";
    setTimeout(() => delete button.dataset.down, 140);
    send("move", key);
  };
  const pad = make("div", { className: "ld-pad", role: "group", "aria-label": words["terminal-keys"] });
  for (const key of PAD) {
    const button = make("button", { type: "button", className: "ld-key" }, words[`key-${key}`] ?? key);
    button.dataset.key = key;
    button.addEventListener("click", (event) => {
      press(key);
      if (event.detail) screen.focus({ preventScroll: true }); // after a mouse click, typing and Enter go on where they should
    });
    keys.set(key, button);
    pad.append(button);
  }

  const body = make("div", { className: "ld-device" },
    make("div", { className: "ld-brand" }, make("span", { className: "ld-make" }, view.device.make), make("span", { className: "ld-serial" })),
    lampRow, screen, pad, make("div", { className: "ld-slot", "aria-hidden": "true" }));
  body.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isComposing(event)) return;
    const onButton = event.target.tagName === "BUTTON";
    const key = /^[0-9]$/.test(event.key) ? event.key : TYPED[event.key];
    if (!key || (event.key === "Enter" && (onButton || event.shiftKey))) return; // Enter on a button is that button
    event.preventDefault();
    press(key);
    if (onButton) screen.focus({ preventScroll: true });
  });

  const receipt = make("div", { className: "ld-paper", role: "status" });
  const button = (name, text) => {
    const one = make("button", { type: "button" }, text);
    one.dataset.move = name;
    one.addEventListener("click", () => send("move", one.dataset.move));
    return one;
  };
  const group = (title, ...children) => {
    const heading = make("p", { className: "ld-heading", id: uniqueId() }, title);
    return make("div", { className: "ld-group", role: "group", "aria-labelledby": heading.id }, heading, ...children);
  };
  for (const { move, text } of view.device.hands) moves.push(button(move, text));
  const side = make("div", { className: "ld-side" },
    group(words["terminal-card"], button("card-good", words["card-good"]), button("card-bad", words["card-bad"])),
    group(words["terminal-hands"], ...moves, button("restart", words.restart), button("wait", words.wait)),
    group(words["terminal-receipt"], make("div", { className: "ld-print" }, receipt)));

  return {
    body,
    side,
    group,
    screen,
    fill({ device: now }) {
      body.dataset.on = now.on;
      tell(body.querySelector(".ld-serial"), now.serial);
      if (strip.textContent !== now.strip.join("")) strip.replaceChildren(...now.strip.map((text) => make("span", {}, text)));
      tellLines(lines, now.lines);
      for (const { key, lit, says } of now.lamps) {
        const { lamp, says: place } = lamps.get(key);
        lamp.dataset.lit = lit;
        tell(place, ` ${says}`);
      }
      receipt.dataset.empty = !now.receipt.length;
      tellLines(receipt, now.receipt.length ? now.receipt : [words["terminal-no-receipt"]]);
      now.hands.forEach(({ move, text }, at) => {
        moves[at].dataset.move = move;
        tell(moves[at], text);
      });
    },
  };
}

/** The page of one terminal in one language. */
function compose(view, send) {
  const { words } = view;
  const gap = view.lang.startsWith("zh") ? "" : " ";
  const shown = device(view, send);
  const free = view.states.length > 0;

  const say = make("p", { className: "ld-say", role: "status" });
  const count = make("p", { className: "ld-count" });
  const save = make("p", { className: "ld-save", role: "status" });
  const hint = make("p", { className: "ld-hint", hidden: true });
  const results = make("div", { className: "ld-results", hidden: true });
  const check = make("button", { type: "submit", className: "ld-check", hidden: free }, words["check-task"]);
  const over = make("button", { type: "button", className: "ld-over" }, words["start-over"]);
  const askHint = make("button", { type: "button" }, words.hint);
  over.addEventListener("click", () => send("start"));
  askHint.addEventListener("click", () => send("hint"));

  const choose = make("select", { className: "ld-select", id: uniqueId() });
  if (free) {
    for (const { key, text } of view.states) choose.append(make("option", { value: key }, text));
    choose.addEventListener("change", () => send("start", choose.value));
    const slip = view.slip.map((text) => make("li", {}, text));
    shown.slip = make("ul", { className: "ld-slip" }, ...slip);
    shown.side.prepend(make("div", { className: "ld-group" }, make("label", { className: "ld-heading", for: choose.id }, words["terminal-state"]), choose));
    shown.side.append(shown.group(words["terminal-slip"], shown.slip));
  }

  const title = make("legend", { className: "ld-prompt" }, view.prompt);
  const group = make("fieldset", {}, title, make("p", { className: "ld-task" }, view.task),
    make("div", { className: "ld-bench" }, shown.body, shown.side), make("p", { className: "ld-typing", "aria-hidden": "true" }, words["typing-hint"]));
  const actions = make("div", { className: "ld-actions" }, check, over, askHint, say);
  const form = make("form", { className: "lockdesk ld-terminal", lang: view.lang, noValidate: true }, group, actions, hint, results, count, save);
  const other = view.other && make("button", { type: "button", className: "ld-lang", lang: view.other.lang }, view.other.name);
  if (other) {
    form.prepend(other);
    other.addEventListener("click", () => send("lang"));
  }
  form.dataset.question = view.id;
  form.dataset.graded = Boolean(view.graded);
  form.dataset.kind = "terminal";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (check.getAttribute("aria-disabled") !== "true") send("check");
  });

  return {
    form,
    words,
    other,
    lang: view.lang,
    unguard: guardKeys(form),
    showSave(state, text) {
      save.dataset.state = state;
      tell(save, text);
    },
    fill(view) {
      shown.fill(view);
      if (free) {
        choose.value = view.prepared;
        if (shown.slip.innerText !== view.slip.join("\n")) shown.slip.replaceChildren(...view.slip.map((text) => make("li", {}, text)));
      }
      tell(say, view.say);
      say.dataset.verdict = view.verdict ?? "";
      tell(count, view.count);
      hint.hidden = !view.hint;
      tell(hint, view.hint);
      if (!free) check.setAttribute("aria-disabled", String(!view.canCheck));
      if (!view.canHint && askHint === document.activeElement) check.focus();
      askHint.hidden = !view.canHint;
      results.hidden = !view.checks.length;
      results.replaceChildren(...view.checks.map(({ met, mark, text }) => {
        const row = make("p", { className: "ld-reason" }, make("strong", {}, mark), gap, text);
        row.dataset.mark = met ? "right" : "wrong";
        return row;
      }));
      form.dataset.ready = "true";
    },
  };
}

function render({ model, el }) {
  let page;
  const line = link(model, (state) => page.showSave(state, page.words[state === "saving" ? "saving" : "no-reply"]));

  function show() {
    const view = model.get("view");
    const settled = line.settled();
    if (page?.lang !== view.lang) {
      const hadFocus = page?.other && page.other === document.activeElement;
      page?.unguard();
      page = compose(view, line.send);
      el.replaceChildren(page.form);
      if (hadFocus) page.other.focus();
    }
    page.fill(view);
    if (settled) page.showSave(view.save.state, view.save.text);
  }

  model.on("change:view", show);
  show();

  return () => {
    line.stop();
    model.off("change:view", show);
    page.unguard();
  };
}

export default { render };
