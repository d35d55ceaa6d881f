const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs work that must clean up after itself when the process is told to end: it gets a signal to stop,
 * and once it has stopped the process gets the same signal again and ends as it would have.
 *
 * @param outer a signal of the caller, who then handles interrupts alone
 */
export async function interruptible<T>(
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (outer !== undefined) return work(outer);
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    received = signal;
    controller.abort(new Error(`Interrupted by ${signal}. What was finished is kept; run again to go on.`));
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    if (received !== undefined) process.kill(process.pid, received);
  }
}
