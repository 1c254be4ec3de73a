// One line that says which step is running and for how long. On a terminal it is redrawn in place; elsewhere (CI, a
// pipe) a step is one plain line when it begins and one when it ends.

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const REDRAW_MS = 100;

/**
 * @param {string} label what is being done, for instance `installing dependencies`
 * @param {{ isTTY?: boolean, columns?: number, write(text: string): unknown }} out
 * @param {() => number} nowMs
 */
export function startProgress(label, out = process.stdout, nowMs = Date.now) {
  const startedAt = nowMs();
  const elapsed = () => `${Math.round((nowMs() - startedAt) / 1000)}s`;
  let frame = 0;
  let detail = '';
  let timer;

  const draw = () => {
    const columns = out.columns ?? 80;
    const text = `${FRAMES[frame % FRAMES.length]} ${label} ${elapsed()}${detail === '' ? '' : `  ${detail}`}`;
    frame += 1;
    out.write(`\r\x1b[2K${text.slice(0, columns - 1)}`);
  };
  if (out.isTTY) {
    draw();
    timer = setInterval(draw, REDRAW_MS);
    timer.unref();
  } else {
    out.write(`${label} ...\n`);
  }

  return {
    /** The latest line of the running command, shown at the end of the line. */
    detail(text) {
      detail = text;
    },
    /** Ends the step; the line becomes `✔ label 12s`, or `✘ label 12s`. */
    end(ok) {
      clearInterval(timer);
      if (out.isTTY) out.write(`\r\x1b[2K${ok ? '✔' : '✘'} ${label} ${elapsed()}\n`);
      else out.write(`${label}: ${ok ? 'done' : 'failed'} in ${elapsed()}\n`);
    },
    /** Ends a step that had nothing to do: a terminal shows no trace of it. */
    forget() {
      clearInterval(timer);
      out.write(out.isTTY ? '\r\x1b[2K' : `${label}: nothing to do\n`);
    },
  };
}
