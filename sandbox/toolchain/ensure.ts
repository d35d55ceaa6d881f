import { buildsAtOnce, sayGuess, secondsLeft } from "./estimate.ts";
import { interruptible } from "./interrupt.ts";
import { searchFolders } from "./locate.ts";
import { withLock } from "./lock.ts";
import { checkFacts, readFacts, readGoVersion } from "./preflight.ts";
import type { Facts } from "./preflight.ts";
import { runSteps, sayLine } from "./progress.ts";
import type { RunSettings, Step } from "./progress.ts";
import { buildSteps, debianSteps, needsOf } from "./steps.ts";
import { isComplete, surveyTools } from "./survey.ts";
import type { Survey } from "./survey.ts";
import { ToolchainError } from "./types.ts";
import type { Part } from "./types.ts";
import { clearLeftovers, removeGoCaches } from "./workplace.ts";

export interface EnsureOptions {
  /** Where progress is shown. @default standard error */
  readonly output?: NodeJS.WriteStream;
  /** Stops builds. @default SIGINT, SIGTERM and SIGHUP of this process do, which then ends by the same signal */
  readonly signal?: AbortSignal;
}

/** As `ensureTools`, for any table of parts. */
export async function ensureParts(
  table: readonly Part[],
  names: readonly string[],
  options: EnsureOptions = {},
): Promise<Readonly<Record<string, string>>> {
  const output = options.output ?? process.stderr;
  const goVersion = await readGoVersion();
  const survey = (): Promise<Survey> => surveyTools(table, names, { folders: searchFolders(), goVersion });
  const before = await survey();
  if (isComplete(before.missing)) return before.paths;
  const facts = await readFacts(goVersion);
  failOn(
    "The toolchain cannot be made on this machine as it is:",
    checkFacts(needsOf(before.missing), facts),
  );
  return interruptible(options.signal, (outer) => {
    const onWait = (): void => sayLine(output, "another set-up is making the tools; waiting for it");
    return withLock({ signal: outer, onWait }, (signal) => makeMissing({ survey, facts, output, signal }));
  });
}

interface Making extends Omit<RunSettings, "atOnce"> {
  readonly survey: () => Promise<Survey>;
  readonly facts: Facts;
}

/** Debian packages first: the other steps use them, and when they fail nobody waits for the builds. */
async function makeMissing(making: Making): Promise<Survey["paths"]> {
  const { facts, survey } = making;
  clearLeftovers();
  // Asked again with the lock held: another set-up may have made them meanwhile.
  const before = await survey();
  if (isComplete(before.missing)) return before.paths;
  announce(before, making);
  await makeAll(debianSteps(before.missing), making);
  const { unzip = "unzip" } = (await survey()).paths;
  await makeAll(buildSteps(before.missing, facts.goVersion ?? "", unzip), making);
  await removeGoCaches();
  const after = await survey();
  failOn("Tools are still missing:", stillMissing(after));
  return after.paths;
}

async function makeAll(steps: readonly Step[], making: Making): Promise<void> {
  const atOnce = buildsAtOnce(making.facts.cores, making.facts.availableGib);
  const failures = await runSteps(steps, { ...making, atOnce });
  making.signal.throwIfAborted();
  const said = failures.map((failure) => failure.message);
  failOn("Some tools could not be made. The others are kept; run again to go on with these:", said);
}

function announce({ missing, passedOver }: Survey, { output }: Making): void {
  const steps = [...debianSteps(missing), ...buildSteps(missing, "", "")];
  const titles = steps.map((step) => step.title).join(", ");
  sayLine(output, `to be made: ${titles}; ${sayGuess(secondsLeft(steps, 0))} on two cores`);
  for (const sentence of passedOver) sayLine(output, `not used: ${sentence}`);
}

/** Only what Debian installed can still be missing: the distribution may have another version. */
function stillMissing({ missing, passedOver }: Survey): string[] {
  if (isComplete(missing)) return [];
  const tools = [...missing.debian, ...missing.npm, ...missing.go].flatMap((one) =>
    one.tools.map((tool) => tool.name),
  );
  const fix = "Put a fitting one in a folder that DELIVERY_TOOLS_PATH names.";
  return [`${tools.join(", ")}: none fits on this machine. ${fix}`, ...passedOver];
}

function failOn(heading: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new ToolchainError([heading, ...problems.map((problem) => `  - ${problem}`)].join("\n"));
}
