import { DefaultRenderer, Listr, ListrLogger, ProcessOutput } from "listr2";
import type { ListrDefaultRendererLogLevels } from "listr2";
import { sayDuration, sayGuess, secondsLeft } from "./estimate.ts";
import type { Timing } from "./estimate.ts";

/** How often a build that is not watched on a terminal says that it goes on, in milliseconds. */
export const HEARTBEAT_MS = 30_000;
const REFRESH_MS = 1_000;

export interface StepContext {
  /** Shows what is being done at the moment. */
  readonly say: (what: string) => void;
  readonly signal: AbortSignal;
}

export interface Step {
  readonly title: string;
  readonly coldSeconds: number;
  readonly run: (context: StepContext) => Promise<void>;
}

export interface RunSettings {
  readonly atOnce: number;
  readonly output: NodeJS.WriteStream;
  readonly signal: AbortSignal;
}

/** What is seen of a step on a terminal. */
interface Shown {
  title: string;
  output: string | undefined;
}

interface Tracked extends Timing {
  readonly step: Step;
  readonly settings: RunSettings;
  started?: number;
  ended?: number;
  doing: string;
  failure?: Error;
}

const seconds = (): number => performance.now() / 1000;

/** Runs all steps, shows how they get on, and returns what went wrong. A failed step does not stop the others. */
export async function runSteps(steps: readonly Step[], settings: RunSettings): Promise<readonly Error[]> {
  const all = steps.map((step): Tracked => ({ step, settings, coldSeconds: step.coldSeconds, doing: "" }));
  const onTerminal = isTerminal(settings.output);
  const tasks = all.map((tracked) => ({
    title: tracked.step.title,
    task: async (_: unknown, task: Shown) =>
      onTerminal ? showStep(tracked, all, task) : sayStep(tracked, all),
  }));
  const heartbeat = onTerminal ? undefined : setInterval(() => sayHeartbeat(all, settings), HEARTBEAT_MS);
  try {
    await runList(tasks, settings, onTerminal);
  } finally {
    clearInterval(heartbeat);
  }
  return all.flatMap((tracked) => tracked.failure ?? []);
}

/** One of no width, as some CI systems give, would get the list one letter a line. */
function isTerminal(output: NodeJS.WriteStream): boolean {
  return output.isTTY && output.columns > 0;
}

interface ListTask {
  readonly title: string;
  readonly task: (context: unknown, task: Shown) => Promise<void>;
}

async function runList(
  tasks: ListTask[],
  { output, atOnce }: RunSettings,
  onTerminal: boolean,
): Promise<void> {
  // Interrupts are handled where the steps are started: builds must end and leave nothing half-made.
  const options = { concurrent: atOnce, exitOnError: false, registerSignalListeners: false };
  if (!onTerminal)
    return new Listr<unknown, "silent">(tasks, { ...options, renderer: "silent" }).run().then();
  const logger = new ListrLogger<ListrDefaultRendererLogLevels>({
    useIcons: true,
    toStderr: [],
    processOutput: new ProcessOutput(output, output),
  });
  await new Listr(tasks, {
    ...options,
    renderer: OnAnyStream,
    rendererOptions: { logger, showErrorMessage: false },
  }).run();
}

/** Else the list asks whether standard output is a terminal, which may be a pipe that gets the result. */
class OnAnyStream extends DefaultRenderer {
  static override nonTTY = true;
}

async function track(tracked: Tracked, say: (what: string) => void): Promise<void> {
  tracked.started = seconds();
  try {
    await tracked.step.run({ say, signal: tracked.settings.signal });
  } catch (error) {
    tracked.failure = error instanceof Error ? error : new Error(String(error));
  } finally {
    tracked.ended = seconds();
  }
}

async function showStep(tracked: Tracked, all: readonly Tracked[], task: Shown): Promise<void> {
  const refresh = setInterval(() => {
    task.title = `${tracked.step.title}: ${elapsed(tracked)}, all done in ${guess(all)}`;
  }, REFRESH_MS);
  await track(tracked, (what) => (task.output = what));
  clearInterval(refresh);
  task.title = `${tracked.step.title}: ${elapsed(tracked)}`;
  if (tracked.failure) throw tracked.failure;
}

async function sayStep(tracked: Tracked, all: readonly Tracked[]): Promise<void> {
  const { step, settings } = tracked;
  sayLine(settings.output, `${step.title}: started, usually ${sayDuration(step.coldSeconds)}`);
  await track(tracked, (what) => (tracked.doing = what));
  const result = tracked.failure ? "failed after" : "done in";
  const left = all.every((other) => other.ended !== undefined) ? "" : `, ${guess(all)} left`;
  sayLine(settings.output, `${step.title}: ${result} ${elapsed(tracked)}${left}`);
}

function sayHeartbeat(all: readonly Tracked[], settings: RunSettings): void {
  const running = all.filter((tracked) => tracked.started !== undefined && tracked.ended === undefined);
  const parts = running.map(
    (tracked) => `${tracked.step.title} (${[elapsed(tracked), tracked.doing].filter(Boolean).join(", ")})`,
  );
  if (parts.length > 0) sayLine(settings.output, `${parts.join("; ")}; ${guess(all)} left`);
}

/** One plain line that says which part of a run it is from. */
export function sayLine(output: NodeJS.WriteStream, line: string): void {
  output.write(`toolchain: ${line}\n`);
}

function elapsed(tracked: Tracked): string {
  return sayDuration((tracked.ended ?? seconds()) - (tracked.started ?? seconds()));
}

function guess(all: readonly Tracked[]): string {
  return sayGuess(secondsLeft(all, seconds()));
}
