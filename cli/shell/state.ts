import type { StateHistory } from "../../components/history";
import { stackHistory } from "../../components/promotion";
import type { StackHistory } from "../../components/promotion";
import type { Context, Project } from "./contract";
import { ask, askPulumi } from "./programs";

/** What Pulumi says of a stack that is not there. Source: Pulumi, `pkg/cmd/pulumi/stack/util.go`. */
const NO_STACK = /no stack named/;

/**
 * What `pulumi stack … --json` says about a stack; undefined when there is no such stack.
 *
 * @throws Mistake when the engine cannot be asked.
 */
export async function askStack<T>(
  { root }: Pick<Project, "root">,
  question: "history" | "output",
  stack: string,
  context: Context,
): Promise<T | undefined> {
  return ifThere(() => askPulumi<T>(root, ["stack", question, "--stack", stack], context));
}

/**
 * The state of a stack as its backend has it, also in the middle of an update, as JSON; secrets in it are encrypted.
 * Undefined when there is no such stack.
 *
 * @throws Mistake when the engine cannot be asked.
 */
export async function stackState(
  { root }: Pick<Project, "root">,
  stack: string,
  context: Context,
): Promise<string | undefined> {
  const args = ["stack", "export", "--stack", stack, "--non-interactive"];
  return ifThere(() => ask({ cwd: root, program: "pulumi", args }, context));
}

async function ifThere<T>(question: () => Promise<T>): Promise<T | undefined> {
  try {
    return await question();
  } catch (error) {
    if (NO_STACK.test((error as Error).message)) return undefined;
    throw error;
  }
}

/** An update, as the engine remembers it. */
export type StackUpdates = Parameters<typeof stackHistory>[1];

/** What the engine remembers of a stack, by whichever backend the user has; nothing when it cannot be asked. */
export async function engineHistory(
  project: Project,
  stack: string,
  context: Context,
): Promise<StackHistory> {
  const asked = askStack<StackUpdates>(project, "history", stack, context).catch(() => undefined);
  return stackHistory(project.pipeline.app, (await asked) ?? []);
}

/** What tells of environments that have no ledger. */
export function stateHistory(project: Project, context: Context): StateHistory {
  return async (stack) => (await engineHistory(project, stack, context)).deployments;
}
