// The six kinds of question as semantic HTML. Each builder takes the view and what to call on a change, and returns
//   body         the element to show
//   read()       the answer as it stands, null while incomplete
//   write(a)     shows an answer that was recorded or given elsewhere
//   slots        by part key: where its mark and reason go
//   keep()       what is filled in so far, for write(); where it differs from read()

function slot() {
  return make("p", { className: "ld-reason", id: uniqueId(), hidden: true });
}

function choices(view, onChange) {
  const multi = view.kind === "multi";
  const group = uniqueId();
  const inputs = new Map();
  const slots = new Map();
  const rows = view.choices.map(({ key, text }) => {
    const reason = slot();
    const input = make("input", { type: multi ? "checkbox" : "radio", name: group, value: key });
    input.setAttribute("aria-describedby", reason.id);
    input.addEventListener("change", onChange);
    inputs.set(key, input);
    slots.set(key, reason);
    return make("div", { className: "ld-row" }, make("label", { className: "ld-choice" }, input, make("span", {}, text)), reason);
  });
  return {
    body: make("div", { className: "ld-choices" }, ...rows),
    slots,
    read() {
      const chosen = [...inputs].filter(([, input]) => input.checked).map(([key]) => key);
      if (!chosen.length) return null;
      return multi ? chosen : chosen[0];
    },
    write(answer) {
      for (const [key, input] of inputs) input.checked = multi ? answer.includes(key) : answer === key;
    },
  };
}

function order(view, onChange, announce) {
  const { words } = view;
  const slots = new Map();
  const rows = new Map();
  const list = make("ol", { className: "ld-steps" });
  const say = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  const settle = () => {
    const items = [...list.children];
    items.forEach((item, at) => {
      item.up.setAttribute("aria-disabled", String(at === 0));
      item.down.setAttribute("aria-disabled", String(at === items.length - 1));
    });
  };
  const move = (item, by, text) => {
    const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    const button = document.activeElement;
    if (by < 0) other.before(item);
    else other.after(item);
    button.focus();
    settle();
    const place = [...list.children].indexOf(item) + 1;
    announce(say(words.moved, { step: text, place, count: list.children.length }));
    onChange();
  };
  const arrow = (sign, label, item, by, text) => {
    const button = make("button", { type: "button", className: "ld-arrow", "aria-label": label }, make("span", { "aria-hidden": "true" }, sign));
    button.addEventListener("click", () => move(item, by, text));
    return button;
  };
  for (const { key, text } of view.choices) {
    const reason = slot();
    const item = make("li", { className: "ld-row" });
    item.up = arrow("↑", say(words["move-up"], { step: text }), item, -1, text);
    item.down = arrow("↓", say(words["move-down"], { step: text }), item, 1, text);
    item.append(make("div", { className: "ld-step" }, make("span", { className: "ld-arrows" }, item.up, item.down), make("span", {}, text)), reason);
    item.key = key;
    rows.set(key, item);
    slots.set(key, reason);
    list.append(item);
  }
  settle();
  return {
    body: list,
    slots,
    read: () => [...list.children].map((item) => item.key),
    write(answer) {
      list.append(...answer.map((key) => rows.get(key)));
      settle();
    },
  };
}

function match(view, onChange) {
  const slots = new Map();
  const selects = new Map();
  const rows = view.choices.map(({ key, text }) => {
    const reason = slot();
    const select = make("select", { id: uniqueId(), className: "ld-select" });
    select.append(make("option", { value: "" }, view.words.choose));
    for (const target of view.targets) select.append(make("option", { value: target.key }, target.text));
    select.setAttribute("aria-describedby", reason.id);
    select.addEventListener("change", onChange);
    selects.set(key, select);
    slots.set(key, reason);
    return make("div", { className: "ld-row" }, make("div", { className: "ld-pair" }, make("label", { for: select.id }, text), select), reason);
  });
  return {
    body: make("div", { className: "ld-pairs" }, ...rows),
    slots,
    read() {
      const answer = Object.fromEntries([...selects].map(([key, select]) => [key, select.value]));
      return Object.values(answer).every(Boolean) ? answer : null;
    },
    keep: () => Object.fromEntries([...selects].map(([key, select]) => [key, select.value])),
    write(answer) {
      for (const [key, select] of selects) select.value = answer[key];
    },
  };
}

function number(view, onChange) {
  const label = make("label", { for: uniqueId() }, view.words["your-answer"]);
  const input = make("input", { type: "text", id: label.htmlFor, className: "ld-number", autocomplete: "off" });
  input.inputMode = "decimal";
  input.addEventListener("input", onChange);
  return {
    body: make("div", { className: "ld-pair ld-line" }, label, input, make("span", { className: "ld-unit" }, view.unit)),
    slots: new Map(),
    read: () => input.value.trim() || null,
    write(answer) {
      input.value = String(answer);
    },
  };
}

function written(view, onChange) {
  const label = make("label", { for: uniqueId() }, view.words["your-answer"]);
  const left = make("span", { className: "ld-left" });
  const area = make("textarea", { id: label.htmlFor, className: "ld-text", rows: 5, maxLength: view.max });
  const count = () => {
    left.textContent = view.words["characters-left"].replace("{count}", view.max - area.value.length);
  };
  let composing = false;
  area.addEventListener("compositionstart", () => (composing = true));
  area.addEventListener("compositionend", () => {
    composing = false;
    onChange();
  });
  area.addEventListener("input", () => {
    count();
    if (!composing) onChange();
  });
  count();
  return {
    body: make("div", { className: "ld-written" }, label, area, left),
    slots: new Map(),
    text: area,
    read: () => area.value.trim() || null,
    write(answer) {
      if (composing || area === document.activeElement) return; // never under the hands of somebody who writes
      area.value = answer;
      count();
    },
  };
}

const KINDS = { single: choices, multi: choices, order, match, number, written };
