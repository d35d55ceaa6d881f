import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";

/** How often a process looks whether its parent is still there, in milliseconds. */
const LOOK_MS = 500;

/**
 * Ends this process as SIGTERM does when the process that waits for its answer is gone, as after a SIGKILL: what it has
 * begun is taken back, and what it has started ends with it.
 */
function endWithParent(): void {
  const parent = process.ppid;
  const look = (): unknown => process.ppid === parent || process.kill(process.pid, "SIGTERM");
  setInterval(look, LOOK_MS).unref();
}

/**
 * The other half of `askSync`: reads what is asked from standard input, writes the answer to standard output, and ends.
 * What it is answered by may leave connections open; nothing waits for them.
 */
export function answerParent<Q>(answer: (question: Q) => Promise<unknown>): void {
  endWithParent();
  void answer(JSON.parse(readFileSync(0, "utf8")) as Q).then((answered) => {
    process.stdout.write(JSON.stringify(answered), () => process.exit());
  });
}

/**
 * Ends this process at once when that parent is gone, whatever it does: code in an endless loop has no time to look, so
 * a thread of its own does.
 *
 * @param parent its process id, said by itself: one that is gone already has given its children to another.
 */
export function dieWithParent(parent: number): void {
  const look = `setInterval(() => process.ppid === ${parent} || process.kill(process.pid, "SIGKILL"), ${LOOK_MS});`;
  new Worker(look, { eval: true, env: {} }).unref();
}
