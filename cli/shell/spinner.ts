/** A stream that lines are written to. */
interface Lines {
  write(text: string): unknown;
}

/** How long nothing may be said before it is shown that something goes on, in milliseconds. */
export const SPIN_AFTER_MS = 1_000;
const FRAME_MS = 100;
const FRAMES = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];
/** To the begin of the line, and what stands there goes. */
const CLEAR_LINE = "\r\u001b[K";

/** What a person sees while a command works. */
export interface Spinner {
  /** A line that stays, above what moves. */
  line(text: string): void;
  /** Leaves nothing behind. */
  stop(): void;
}

/** Lines alone: for CI, files and pipes. */
export function plainLines(stream: Lines): Spinner {
  return { line: (text) => void stream.write(`${text}\n`), stop: () => {} };
}

/** Lines, and below them a sign that moves, with the seconds since the last one. For terminals. */
export function startSpinner(stream: Lines, title: string): Spinner {
  let since = Date.now();
  let frame = 0;
  let isShown = false;
  const clear = (): void => {
    if (isShown) stream.write(CLEAR_LINE);
    isShown = false;
  };
  const timer = setInterval(() => {
    const waited = Date.now() - since;
    if (waited < SPIN_AFTER_MS) return;
    frame = (frame + 1) % FRAMES.length;
    isShown = true;
    stream.write(`${CLEAR_LINE}${FRAMES[frame]} ${title} (${Math.floor(waited / 1000)} s)`);
  }, FRAME_MS);
  // It never keeps a process alive that has nothing else to do.
  timer.unref();
  return {
    line(text) {
      clear();
      since = Date.now();
      stream.write(`${text}\n`);
    },
    stop() {
      clearInterval(timer);
      clear();
    },
  };
}
