// A lesson is alive when it opens: this JupyterLab and Notebook 7 extension runs its cells, nothing clicked.
// It needs no build and no shared module. It runs a notebook only if the notebook says that it is a lesson and every
// line of every code cell is an import from lockdesk or one of lockdesk's calls with a literal id: lessons are data.
(() => {
  const NAMES = "(?:quiz|case|terminal|check|progress)";
  const IMPORT = new RegExp(`^from lockdesk import ${NAMES}(?:, ${NAMES})*$`);
  const CALL = new RegExp(`^${NAMES}\\((?:"[a-z0-9-]+")?\\)$`);
  const SWITCH = "lockdesk:run-on-open";
  const GREETED = "lockdesk:greeted";
  const OFF = "lockdesk:run-on-open:off";

  /** Whether every line of a code cell is ours. `$` matches at the very end only, for there is no m flag. */
  function isLessonCode(source) {
    const lines = source.split("\n").filter((line) => line !== "");
    return lines.length > 0 && lines.every((line) => IMPORT.test(line) || CALL.test(line));
  }

  /** Whether a notebook (as JSON) may be run unasked: a lesson or an assignment, and nothing in it but our calls, or no code at all. */
  function isLesson(notebook) {
    const ours = notebook.metadata?.lockdesk;
    if (typeof (ours?.lesson ?? ours?.assignment) !== "string" || ours.autorun === false) return false;
    const sources = notebook.cells
      .filter((cell) => cell.cell_type === "code")
      .map((cell) => (Array.isArray(cell.source) ? cell.source.join("") : cell.source));
    return sources.every(isLessonCode);
  }

  // What a learner never needs to see in a lesson: code, cell numbers, cell tools.
  const READING = `
    .lockdesk-lesson .jp-CodeCell .jp-Cell-inputWrapper,
    .lockdesk-lesson .jp-cell-toolbar { display: none; }
    .lockdesk-lesson .jp-CodeCell:has(.lockdesk-check) { display: none; }
    .lockdesk-lesson .jp-OutputPrompt { visibility: hidden; }
    .lockdesk-lesson .jp-RenderedMarkdown > :not(h1, h2) { max-width: 48em; }
    .lockdesk-lesson .jp-RenderedMarkdown > table:has(th:nth-child(4)) { max-width: 80em; }
    .lockdesk-lesson .jp-RenderedMarkdown table:has(th:nth-child(4)) th { white-space: nowrap; }
    .lockdesk-lesson:lang(zh) .jp-RenderedMarkdown {
      font-family: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", system-ui, sans-serif;
      line-height: 1.75;
    }
    .lockdesk-both .jp-RenderedMarkdown {
      font-family: system-ui, -apple-system, "Segoe UI", Helvetica, Arial, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC",
        "Noto Sans SC", "Source Han Sans SC", sans-serif;
    }
    .lockdesk-lesson .jp-RenderedMarkdown table { margin-left: 0; font-size: inherit; }
    .lockdesk-lesson .jp-RenderedMarkdown :is(th, td) { text-align: left; vertical-align: top; line-height: 1.45; }
  `;

  /** The options Jupyter's server wrote into the page; an author's desk says so there. */
  function isAuthor() {
    const options = document.getElementById("jupyter-config-data")?.textContent;
    return options ? JSON.parse(options).lockdeskRole === "author" : false;
  }

  const isOn = () => localStorage.getItem(OFF) === null;

  function activate(app) {
    const seen = new WeakSet();
    const author = isAuthor();
    if (!author) document.head.append(Object.assign(document.createElement("style"), { textContent: READING }));

    const run = async (panel) => {
      const { context, content } = panel;
      const session = panel.sessionContext;
      await context.ready;
      if (!isLesson(context.model.toJSON())) return;
      if (!author) content.addClass("lockdesk-lesson");
      const [, lang] = context.path.match(/\/(en|zh)\/[^/]*$/) ?? [];
      if (context.model.getMetadata?.("lockdesk")?.assignment) content.addClass("lockdesk-both"); // its prose is in both languages
      if (lang) content.node.lang = lang === "zh" ? "zh-CN" : "en"; // whatever the menus speak
      await session.ready;
      await session.session?.kernel?.info;
      if (!isOn() || panel.isDisposed || !isLesson(context.model.toJSON())) return;
      // Cell by cell, and not by the command that runs all: that one moves to the last cell and scrolls there.
      const cells = content.widgets.filter((cell) => cell.model.type === "code");
      await Promise.allSettled(cells.map((cell) => cell.constructor.execute(cell, session)));
      if (!author) context.model.dirty = false; // nothing of the learner's is in the notebook: no "save your work?"
    };

    // A notebook in a background tab wakes when it is looked at.
    const opened = () => {
      const panel = app.shell.currentWidget;
      if (!panel?.sessionContext || !panel.context?.model?.toJSON) return;
      const refresh = panel.context.model.getMetadata?.("lockdesk")?.refresh === true;
      if (seen.has(panel) && !refresh) return;
      if (!seen.has(panel)) {
        seen.add(panel);
        panel.sessionContext.statusChanged.connect((session, status) => {
          if (status === "restarting" || status === "autorestarting") seen.delete(panel);
          else if (status === "idle" && !seen.has(panel) && app.shell.currentWidget === panel) opened();
        });
      }
      void run(panel);
    };

    app.commands.addCommand(SWITCH, {
      label: "Run Lessons When They Open",
      isToggleable: true,
      isToggled: isOn,
      execute: () => {
        if (isOn()) localStorage.setItem(OFF, "true");
        else localStorage.removeItem(OFF);
        app.commands.notifyCommandChanged(SWITCH);
      },
    });
    app.shell.currentChanged?.connect(opened);
    void app.restored.then(() => {
      if (!author && localStorage.getItem(GREETED) === null) {
        localStorage.setItem(GREETED, "true");
        app.shell.collapseLeft?.(); // the first time, the lesson and nothing else
      }
      opened();
    });
  }

  const plugin = { id: "lockdesk:alive", autoStart: true, activate };
  const module = { __esModule: true, default: plugin, isLesson };
  (window._JUPYTERLAB ??= {}).lockdesk = { init() {}, get: () => Promise.resolve(() => module) };
})();
