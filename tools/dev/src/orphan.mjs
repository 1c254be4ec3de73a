// npm runs a script through a shell, and a shell that is ended does not end what it started: `kill` on npm would leave
// this process, and the members or the tests that it runs, behind. So it watches for the shell and ends when that has
// gone, as if it had been told itself.

const LOOK_MS = 500;

/** Sends SIGTERM to this process when its parent ends. It keeps no process alive by itself. */
export function endWithParent() {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_MS);
  timer.unref();
}
