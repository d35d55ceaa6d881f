import type { StateHistory } from "../../components/history";
import { stackHistory } from "../../components/promotion";
import type { StackHistory } from "../../components/promotion";
import type { Context, Project } from "./contract";
import { askPulumi } from "./programs";

/** What the engine remembers of a stack, by whichever backend the user has; nothing when it cannot be asked. */
export async function engineHistory(
  { root, pipeline }: Project,
  stack: string,
  context: Context,
): Promise<StackHistory> {
  const args = ["stack", "history", "--stack", stack];
  const asked = askPulumi<Parameters<typeof stackHistory>[1]>(root, args, context);
  return stackHistory(pipeline.app, await asked.catch(() => []));
}

/** What tells of environments that have no ledger. */
export function stateHistory(project: Project, context: Context): StateHistory {
  return async (stack) => (await engineHistory(project, stack, context)).deployments;
}
