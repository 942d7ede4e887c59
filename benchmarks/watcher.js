// Records, for a benchmark, when wanted texts and elements appear and when answers change.
// A time is that of the first animation frame after the change, which paints it.
// Also records the runs of the script: when the page's state changed, and changed back.
(() => {
  const bench = { wanted: [], seen: {}, acted: null, paints: [], runs: [] };
  let found = new Set();
  let changed = false;
  let pending = false;

  bench.watch = (wanted) => {
    bench.wanted = wanted;
    bench.seen = {};
    bench.paints = [];
    bench.runs = [];
  };

  const now = () => performance.timeOrigin + performance.now();

  const textOf = (record) =>
    record.type === "characterData"
      ? record.target.data
      : Array.from(record.addedNodes, (node) => node.textContent).join("\n");

  const isAnswer = (record) => {
    const element = record.target.nodeType === 1 ? record.target : record.target.parentElement;
    return element !== null && element.closest(".stChatMessage") !== null;
  };

  const frame = () => {
    pending = false;
    const at = now();
    for (const wanted of found) bench.seen[wanted] ??= at;
    if (changed) bench.paints.push(at);
    found = new Set();
    changed = false;
  };

  const note = (records) => {
    const missing = bench.wanted.filter((wanted) => !(wanted in bench.seen));
    const texts = missing.filter((wanted) => !wanted.startsWith("css="));
    const elements = missing.filter((wanted) => wanted.startsWith("css="));
    for (const record of records) {
      if (texts.length) {
        const text = textOf(record);
        for (const wanted of texts) if (text.includes(wanted)) found.add(wanted);
      }
      changed ||= isAnswer(record);
    }
    for (const wanted of elements) if (document.querySelector(wanted.slice(4))) found.add(wanted);
    if (!pending && (found.size || changed)) {
      pending = true;
      requestAnimationFrame(frame);
    }
  };

  new MutationObserver(note).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
  });

  const STATE = "data-test-script-state";
  let begun = null;
  const noteRuns = (records) => {
    for (const { target } of records) {
      const state = target.getAttribute(STATE);
      if (state === "running") begun ??= now();
      if (state === "notRunning" && begun !== null) {
        bench.runs.push([begun, now()]);
        begun = null;
      }
    }
  };
  new MutationObserver(noteRuns).observe(document, { subtree: true, attributeFilter: [STATE] });

  const act = (event) => {
    bench.acted = performance.timeOrigin + event.timeStamp;
  };
  addEventListener("keydown", (event) => event.key === "Enter" && act(event), true);
  addEventListener("pointerdown", act, true);
  window.bench = bench;
})();
