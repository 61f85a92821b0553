// The line to the kernel. Each event is numbered and stays in `events` until the kernel acknowledges it in `view.acks`,
// so what was not saved is known.

const SAVING_AFTER = 1000;
const NO_REPLY_AFTER = 8000;

/** A line for one view of `model`. `say(state)` is called with "saving" and "failed" while an answer does not come. */
function link(model, say) {
  const client = Math.random().toString(36).slice(2);
  let sent = 0;
  let timers = [];
  const stop = () => {
    timers.forEach(clearTimeout);
    timers = [];
  };
  return {
    client,
    stop,
    get sent() {
      return sent;
    },
    send(type, answer) {
      const { acks } = model.get("view");
      const open = model.get("events").filter((event) => event.n > (acks[event.client] ?? 0));
      model.set("events", [...open, { client, n: ++sent, type, ...(answer === undefined ? {} : { answer }) }]);
      model.save_changes();
      timers.push(setTimeout(() => say("saving"), SAVING_AFTER));
      timers.push(setTimeout(() => say("failed"), NO_REPLY_AFTER));
    },
    /** Whether the kernel has dealt with all that was sent. */
    settled() {
      if ((model.get("view").acks[client] ?? 0) >= sent) stop();
      return timers.length === 0;
    },
  };
}
