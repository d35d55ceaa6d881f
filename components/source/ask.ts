import { execFileSync } from "node:child_process";

/** What a question may take. */
export interface AskBounds {
  /** What the process does, for the error: `asks the ledger`. */
  readonly what: string;
  readonly seconds: number;
  /** Of the answer. */
  readonly maxBytes: number;
  /** Makes values of JSON what they were. @default all stay as they are */
  readonly revive?: (field: string, value: unknown) => unknown;
}

/** Why there is no answer, one sentence each. */
export interface NoAnswer {
  readonly problems: readonly string[];
}

/**
 * Has another program of the library answer, and waits for it: so a component that has to know something before it
 * declares its first resource stays synchronous, and every preview complete. What it says on standard error is shown.
 *
 * @param program path of the compiled program: its standard input is the order, its standard output the answer, in JSON.
 */
export function askSync<Answer>(program: string, order: unknown, bounds: AskBounds): Answer | NoAnswer {
  const { what, seconds, maxBytes, revive } = bounds;
  try {
    const said = execFileSync(process.execPath, [program], {
      input: JSON.stringify(order),
      stdio: ["pipe", "pipe", "inherit"],
      timeout: seconds * 1000,
      maxBuffer: maxBytes,
      encoding: "utf8",
    });
    return JSON.parse(said, revive) as Answer;
  } catch (error) {
    return { problems: [whyNot(what, error, bounds)] };
  }
}

/** Limits of this machine that keep a process from being started. */
const LIMITS = new Set(["EMFILE", "ENFILE", "EAGAIN", "ENOMEM"]);

/** Why there is no answer, in a sentence. */
export function whyNot(what: string, error: unknown, bounds: AskBounds): string {
  const { code = "" } = error as NodeJS.ErrnoException;
  return LIMITS.has(code)
    ? `the process that ${what} could not be started (${code}): this machine's limits of open files, processes or memory were reached; raise them`
    : `the process that ${what} ended without an answer (${how(error, bounds)}); see above`;
}

/** A process that is over its bounds may end by the signal for it, or by itself before that arrives. */
function how(error: unknown, { seconds, maxBytes }: AskBounds): string {
  const { status, signal, code } = error as { status?: number; signal?: string; code?: string };
  if (code === "ETIMEDOUT") return `after ${seconds} s`;
  if (code === "ENOBUFS") return `more than ${maxBytes} bytes`;
  return String(signal ?? status ?? code);
}
