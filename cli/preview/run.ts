import { Mistake } from "../../components/mistake";
import { planText, rows } from "../promote/text";
import { planValue } from "../promote/value";
import { EXIT } from "../shell/contract";
import type { Context, Input, Result } from "../shell/contract";
import type { Paint } from "../shell/paint";
import { ask } from "../shell/programs";
import { agentsText, previewAgents } from "./agents";
import type { AgentsPreview } from "./agents";
import { previewEnvironment } from "./environment";
import type { EnvironmentPreview } from "./environment";
import { previewMarkdown } from "./markdown";

/** What a preview is compared with when nothing is said. */
export const DEFAULT_BASE = "origin/main";

/** `delivery preview` */
export async function preview(input: Input, context: Context): Promise<Result> {
  const project = await context.project();
  const ref = input.text("base") ?? DEFAULT_BASE;
  const base = await baseOf(project.root, ref, context);
  const previews: EnvironmentPreview[] = [];
  for (const environment of Object.keys(project.pipeline.environments)) {
    const found = await previewEnvironment(project, environment, base, context);
    if (found !== undefined) previews.push(found);
  }
  const agents = await previewAgents(project, base, context);
  const isBlocked = previews.some(({ plan }) => plan?.judgement.outcome === "block");
  const text = input.flag("md")
    ? previewMarkdown({ previews, agents }, context.now())
    : plainPreview(previews, agents, context);
  const value = { base, blocked: isBlocked, agents: agents ?? null, environments: previews.map(valueOf) };
  return { value, text, exit: isBlocked ? EXIT.blocked : EXIT.done };
}

/** Where the checkout left the base: what came there since is not part of the change. */
async function baseOf(cwd: string, ref: string, context: Context): Promise<string> {
  try {
    return (await ask({ cwd, program: "git", args: ["merge-base", "--", ref, "HEAD"] }, context)).trim();
  } catch (error) {
    const fix = "name what to compare with: --base REF, or get the history: git fetch --unshallow origin";
    throw new Mistake(`Looking for where the checkout left ${ref}`, [
      `${(error as Mistake).problems[0]}; ${fix}`,
    ]);
  }
}

function valueOf({
  environment,
  cause,
  plan,
  unjudged,
  changes,
  problem,
}: EnvironmentPreview): Record<string, unknown> {
  return {
    environment,
    cause,
    plan: plan === undefined ? null : planValue(plan),
    unjudged: unjudged ?? null,
    changes,
    problem: problem ?? null,
  };
}

function plainPreview(
  previews: readonly EnvironmentPreview[],
  agents: AgentsPreview | undefined,
  context: Context,
): string {
  const first = agents === undefined ? [] : [agentsText(agents)];
  if (previews.length === 0) return [...first, "No environment changes."].join("\n");
  return [...first, ...environmentTexts(previews, context)].join("\n\n");
}

function environmentTexts(previews: readonly EnvironmentPreview[], { paint }: Context): string[] {
  return previews.map((one) => {
    const { changes, problem, plan } = one;
    const head = plan === undefined ? unplannedText(one, paint) : planText(plan, paint);
    const objects = changes.map(({ kind, title, clusters }) => `${kind} ${title} in ${clusters.join(", ")}`);
    return [head, ...rows("objects", problem === undefined ? noneOr(objects) : [problem])].join("\n");
  });
}

function unplannedText({ environment, cause, unjudged }: EnvironmentPreview, paint: Paint): string {
  if (unjudged === undefined) {
    const why =
      cause === "pipeline" ? "the next release that is built from this" : "its file has other settings";
    return paint("bold", `${environment}: ${why}`);
  }
  const head = paint("bold", `${environment}: ${unjudged.from ?? "nothing"} → ${unjudged.release}`);
  return [head, ...rows("guards", [`not asked: ${unjudged.why.replaceAll(/\s+/g, " ")}`])].join("\n");
}

const noneOr = (lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? ["none changes"] : lines;
