// A support call: conversation, look-ups as tabs, acts by group, a ticket, and a debrief when it is closed.
// The kernel plays the world; this shows its `view` and reports acts.

/** `place`: where the learner is, kept when the language changes: the tab, the group of acts, the terminal, the act that is unfolded. */
function compose({ model, el }, place) {
  const first = model.get("view");
  const { words } = first;
  let shownTry = 0;
  let wasClosed = first.closed;

  const save = make("p", { className: "ld-save", role: "status" });
  const line = link(model, (state) => showSave(state, words[state === "saving" ? "saving" : "no-reply"]));
  const clock = make("p", { className: "ld-clock" });
  const say = make("p", { className: "ld-say", role: "status" });
  const over = make("p", { className: "ld-say ld-closed", role: "status" });
  const talk = make("div", { className: "ld-talk", role: "log", tabIndex: 0, "aria-label": words.conversation });
  const tabs = make("div", { className: "ld-tabs", role: "tablist", "aria-label": words.lookups });
  const panel = make("div", { className: "ld-panel", role: "tabpanel", id: uniqueId(), tabIndex: 0 });
  const groups = make("div", { className: "ld-tabs", role: "tablist", "aria-label": words.acts });
  const acts = make("div", { className: "ld-acts", role: "tabpanel", id: uniqueId() });
  const terminal = make("div", { className: "ld-terminal" });
  const ticket = make("details", { className: "ld-ticket" });
  const debrief = make("section", { className: "ld-debrief", hidden: true });
  const header = make("div", { className: "ld-case-head" }, make("p", { className: "ld-prompt" }, first.prompt), clock);
  const console_ = make("div", { className: "ld-console" }, terminal, groups, acts, say, ticket);
  const desk = make("div", { className: "ld-desk" },
    make("section", { className: "ld-call" }, make("p", { className: "ld-h" }, words.conversation), talk),
    make("section", { className: "ld-systems" }, make("p", { className: "ld-h" }, words.lookups), tabs, panel),
    make("section", { className: "ld-do" }, make("p", { className: "ld-h" }, words.acts), console_));
  const form = make("form", { className: "lockdesk ld-case", lang: first.lang, noValidate: true },
    header, make("p", { className: "ld-task" }, words["task-desk"]), desk, over, debrief, save);
  if (first.other) {
    const other = make("button", { type: "button", className: "ld-lang", lang: first.other.lang }, first.other.name);
    other.addEventListener("click", () => line.send("lang"));
    form.prepend(other);
  }
  form.dataset.question = first.id;
  form.dataset.graded = Boolean(first.graded);
  form.dataset.kind = "case";
  form.addEventListener("submit", (event) => event.preventDefault());

  function showSave(state, text) {
    save.dataset.state = state;
    if (save.textContent !== text) save.textContent = text;
  }

  function act(answer) {
    line.send("act", answer);
  }

  /** Buttons of which one is chosen; arrow keys move between them, as in any row of tabs. */
  function fillTabs(list, rows, now, choose, panelId) {
    const buttons = rows.map(({ id, name, opened }) => {
      const button = make("button", { type: "button", role: "tab", className: "ld-tab", id: `${panelId}-${id}` }, name);
      button.setAttribute("aria-selected", String(id === now));
      button.setAttribute("aria-controls", panelId);
      button.tabIndex = id === now ? 0 : -1;
      if (opened) button.dataset.opened = "true";
      button.addEventListener("click", () => choose(id));
      return button;
    });
    list.onkeydown = (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const at = rows.findIndex(({ id }) => id === list.querySelector("[aria-selected=true]")?.id.slice(panelId.length + 1));
      choose(rows[(at + step + rows.length) % rows.length].id);
      list.querySelector("[aria-selected=true]")?.focus();
    };
    const had = list.contains(document.activeElement);
    list.replaceChildren(...buttons);
    if (had) list.querySelector("[aria-selected=true]")?.focus();
  }

  function showTabs(view) {
    fillTabs(tabs, view.tabs, place.tab, (id) => { place.tab = id; showTabs(model.get("view")); }, panel.id);
    const tab = view.tabs.find(({ id }) => id === place.tab);
    panel.setAttribute("aria-labelledby", `${panel.id}-${tab.id}`);
    const open = make("button", { type: "button" }, `${tab.opened ? words["open-again"] : words["open-tab"]} · ${tab.minutes}`);
    open.dataset.act = tab.id;
    open.hidden = view.closed;
    open.addEventListener("click", () => act({ act: tab.id }));
    const body = tab.opened
      ? [make("p", { className: "ld-record" }, tab.text), make("p", { className: "ld-left" }, tab.asOf)]
      : [make("p", { className: "ld-left" }, words["not-opened"])];
    const had = panel.contains(document.activeElement) && document.activeElement.tagName === "BUTTON";
    panel.replaceChildren(...body, open);
    if (had) open.focus();
  }

  function showTerminal(view) {
    if (!view.needsTerminal) return terminal.replaceChildren();
    if (!view.terminals.length) return terminal.replaceChildren(make("p", { className: "ld-left" }, words["no-terminal"]));
    const label = make("label", { for: uniqueId() }, words.terminal);
    const select = make("select", { id: label.htmlFor, className: "ld-select" }, make("option", { value: "" }, words.choose));
    for (const { serial, name } of view.terminals) select.append(make("option", { value: serial }, `${serial} · ${name}`));
    if (!view.terminals.some(({ serial }) => serial === place.serial)) place.serial = view.terminals.length === 1 ? view.terminals[0].serial : "";
    select.value = place.serial;
    select.addEventListener("change", () => {
      place.serial = select.value;
      showActs(model.get("view"));
    });
    const had = terminal.contains(document.activeElement);
    terminal.replaceChildren(label, select);
    if (had) select.focus();
  }

  function showActs(view) {
    fillTabs(groups, view.groups, place.group, (id) => { place.group = id; place.asking = ""; showActs(model.get("view")); }, acts.id);
    const group = view.groups.find(({ id }) => id === place.group);
    acts.setAttribute("aria-labelledby", `${acts.id}-${group.id}`);
    const held = acts.contains(document.activeElement) ? document.activeElement.dataset.act : "";
    acts.replaceChildren(...group.acts.map((kind) => actRow(view, kind)));
    if (held) [...acts.querySelectorAll("button")].find((button) => button.dataset.act === held)?.focus();
  }

  function actRow(view, kind) {
    const missing = kind.device && view.needsTerminal && !place.serial;
    const on = kind.device && place.serial ? { on: place.serial } : {};
    const button = make("button", { type: "button", className: "ld-act" }, make("span", {}, kind.name), make("span", { className: "ld-minutes" }, kind.minutes));
    button.dataset.act = kind.id;
    button.setAttribute("aria-disabled", String(missing || view.closed));
    const row = make("div", { className: "ld-act-row" }, button);
    if (kind.choices.length) {
      button.setAttribute("aria-expanded", String(place.asking === kind.id));
      if (place.asking === kind.id) row.append(make("div", { className: "ld-act-choices" }, ...kind.choices.map((choice) => choiceOf(kind, choice, on, view))));
    }
    button.addEventListener("click", () => {
      if (view.closed) return;
      if (missing) say.textContent = view.terminals.length ? words["which-terminal"] : words["no-terminal"];
      else if (kind.choices.length) {
        place.asking = place.asking === kind.id ? "" : kind.id;
        showActs(model.get("view"));
      } else act({ act: kind.id, ...on });
    });
    return row;
  }

  function choiceOf(kind, choice, on, view) {
    const button = make("button", { type: "button", className: "ld-act" }, make("span", {}, choice.name));
    button.dataset.act = `${kind.id}:${choice.key}`;
    button.setAttribute("aria-disabled", String(view.closed));
    button.addEventListener("click", () => {
      if (!view.closed) act({ act: kind.id, arg: choice.key, ...on });
    });
    return button;
  }

  /** The ticket is built once a try: what is filled in stays while the call goes on. */
  function setTicket(view) {
    const fields = {};
    const rows = Object.entries(view.ticket).map(([name, options]) => {
      const label = make("label", { for: uniqueId() }, words[name]);
      const select = make("select", { id: label.htmlFor, className: "ld-select" }, make("option", { value: "" }, words.choose));
      for (const { key, name: text } of options) select.append(make("option", { value: key }, text));
      fields[name] = select;
      return make("div", { className: "ld-pair" }, label, select);
    });
    const label = make("label", { for: uniqueId() }, words.amount);
    const amount = make("input", { type: "text", id: label.htmlFor, className: "ld-number", autocomplete: "off" });
    amount.inputMode = "decimal";
    const close = make("button", { type: "button", className: "ld-check" }, words["close-ticket"]);
    close.addEventListener("click", () => {
      const given = Object.fromEntries(Object.entries(fields).map(([name, select]) => [name, select.value]));
      const sum = Number(amount.value.normalize("NFKC").replaceAll(",", "").trim() || "NaN");
      if (Object.values(given).some((value) => !value) || !Number.isFinite(sum)) {
        say.textContent = "";
        note.textContent = words.incomplete;
      } else act({ act: "ticket", ticket: { ...given, amount: sum } });
    });
    const note = make("p", { className: "ld-say", role: "status" });
    ticket.replaceChildren(make("summary", {}, words["write-ticket"]), make("p", { className: "ld-left" }, words["ticket-note"]),
      ...rows, make("div", { className: "ld-pair" }, label, amount), make("div", { className: "ld-actions" }, close, note));
    ticket.open = false;
  }

  function showTalk(view) {
    const stays = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 40;
    const from = talk.children.length > view.lines.length ? 0 : talk.children.length;
    if (!from) talk.replaceChildren();
    for (const { who, name, minute, text } of view.lines.slice(from)) {
      const said = make("p", { className: "ld-line" }, make("span", { className: "ld-who" }, name), make("span", { className: "ld-words" }, text),
        make("span", { className: "ld-minutes" }, String(minute)));
      said.dataset.who = who;
      talk.append(said);
    }
    if (stays || !from) talk.scrollTop = talk.scrollHeight;
  }

  function bar(rows, whole) {
    const picture = make("div", { className: "ld-bar", "aria-hidden": "true" });
    for (const { place, fen } of rows) {
      const part = make("span", {});
      part.dataset.place = place;
      part.style.flexGrow = String(fen / whole);
      picture.append(part);
    }
    const list = make("ul", { className: "ld-sums" }, ...rows.map(({ place, text }) => {
      const item = make("li", {}, text);
      item.dataset.place = place;
      return item;
    }));
    return rows.length ? [picture, list] : [make("p", { className: "ld-left" }, words["no-money"])];
  }

  function showDebrief(view) {
    debrief.hidden = !view.debrief;
    desk.classList.toggle("ld-over", view.closed);
    if (!view.debrief) return debrief.replaceChildren();
    const { percent, value, checks, acts: done, before, after, ends } = view.debrief;
    const whole = Math.max(1, ...[before, after].map((rows) => rows.reduce((sum, { fen }) => sum + fen, 0)));
    const rows = checks.map(({ name, kind, points, met, seen, why, source }) => {
      const row = make("details", { className: "ld-score" },
        make("summary", {}, make("strong", {}, words[met ? "met" : "missed"]), ` ${name} `, make("span", { className: "ld-minutes" }, points)),
        make("ul", {}, ...seen.map(({ text, met: there }) => make("li", {}, `${there ? "✓" : "✗"} ${text}`))),
        make("p", {}, why), make("p", { className: "ld-left" }, words.source.replace("{source}", source)));
      row.dataset.mark = met ? "right" : "wrong";
      row.dataset.kind = kind;
      row.open = !met;
      return row;
    });
    const again = make("button", { type: "button", className: "ld-check" }, words.again);
    again.addEventListener("click", () => line.send("again"));
    debrief.replaceChildren(
      make("p", { className: "ld-h" }, words.debrief), make("p", { className: "ld-percent", tabIndex: -1 }, percent),
      make("p", { className: "ld-h ld-h-next" }, words.timeline),
      make("ol", { className: "ld-timeline" }, ...done.map(({ minute, text, caused, meant }) => make("li", {},
        make("span", { className: "ld-minutes" }, String(minute)), make("span", {}, text),
        ...[...caused.map((one) => make("span", { className: "ld-caused" }, one)), ...meant.map((one) => make("span", { className: "ld-meant" }, one))]))),
      make("p", { className: "ld-h ld-h-next" }, words["money-before"]), ...bar(before, whole), make("p", { className: "ld-h ld-h-next" }, words["money-after"]), ...bar(after, whole),
      make("p", { className: "ld-h ld-h-next" }, words.ends), make("ol", { className: "ld-ends" }, ...ends.map((text) => make("li", {}, text))),
      make("p", { className: "ld-h ld-h-next" }, words.checks), ...rows, make("div", { className: "ld-actions" }, again));
    debrief.dataset.value = String(value);
  }

  function show() {
    const view = model.get("view");
    const settled = line.settled();
    const had = form.contains(document.activeElement);
    if (view.try !== shownTry) {
      if (shownTry) {
        talk.replaceChildren();
        place.serial = "";
      }
      shownTry = view.try;
      setTicket(view);
    }
    clock.textContent = view.clock;
    showTalk(view);
    showTabs(view);
    showTerminal(view);
    showActs(view);
    ticket.hidden = view.closed;
    say.textContent = view.closed ? "" : view.say;
    if (over.textContent !== (view.closed ? view.say : "")) over.textContent = view.say;
    showDebrief(view);
    // the button that was pressed is gone; without a focus here the next keys would be the notebook's
    if (had && view.closed !== wasClosed) ((view.closed && debrief.querySelector(".ld-percent")) || talk).focus();
    wasClosed = view.closed;
    if (settled) showSave(view.save.state, view.save.text);
    form.dataset.ready = "true";
  }

  const unguard = guardKeys(form);
  model.on("change:view", show);
  el.replaceChildren(form);
  show();

  return () => {
    line.stop();
    model.off("change:view", show);
    unguard();
  };
}

/** The call in the view's language; made anew when that changes, with what is filled in but not written yet. */
function render({ model, el }) {
  const fields = () => [...el.querySelectorAll(".ld-ticket select, .ld-ticket input")];
  let { lang, tabs, groups } = model.get("view");
  const place = { tab: tabs[0].id, group: groups[0].id, serial: "", asking: "" };
  let leave = compose({ model, el }, place);

  function follow() {
    if (model.get("view").lang === lang) return;
    ({ lang } = model.get("view"));
    const filled = fields().map(({ value }) => value);
    const wasOpen = el.querySelector(".ld-ticket").open;
    const had = el.contains(document.activeElement);
    leave();
    leave = compose({ model, el }, place);
    fields().forEach((field, at) => (field.value = filled[at]));
    el.querySelector(".ld-ticket").open = wasOpen;
    if (had) el.querySelector(".ld-lang")?.focus();
  }

  model.on("change:view", follow);
  return () => {
    model.off("change:view", follow);
    leave();
  };
}

export default { render };
