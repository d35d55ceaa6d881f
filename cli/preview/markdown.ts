import type { PromotionPlan } from "../promote/plan";
import { MARKS, changeLines, planBackLines, wavesText } from "../promote/text";
import { agentsText } from "./agents";
import type { AgentsPreview } from "./agents";
import type { EnvironmentPreview } from "./environment";
import type { ObjectChange } from "./objects";

/** The longest comment that GitHub takes, in characters. Source: GitHub, "REST API: issue comments". */
export const MAX_COMMENT = 65_536;
/** The first line, by which the comment is found again. */
export const COMMENT_MARK = "<!-- delivery preview -->";
const CUT =
  "\n\n_The rest is left out, since a comment has to be shorter. See it with:_ `delivery preview`\n";

/** What is told: the environments that change, and the agents when they do. */
export interface Previews {
  readonly previews: readonly EnvironmentPreview[];
  readonly agents?: AgentsPreview | undefined;
}

/** The comment of a pull request: for people, whole sections, never longer than the host takes. */
export function previewMarkdown({ previews, agents }: Previews, now: Date, limit = MAX_COMMENT): string {
  const first = agents === undefined ? "" : `${escaped(agentsText(agents))}\n\n`;
  const head = `${COMMENT_MARK}\n## What this changes\n\n${first}${summary(previews)}\n`;
  const details = previews.flatMap((preview) => [
    environmentText(preview, now),
    ...preview.changes.map(objectText),
  ]);
  let text = head;
  for (const section of details) {
    if (text.length + section.length + CUT.length + 2 > limit) return `${text}${CUT}`;
    text += `\n${section}\n`;
  }
  return text;
}

function summary(previews: readonly EnvironmentPreview[]): string {
  if (previews.length === 0)
    return "No environment changes: nothing is promoted, and every object stays as it is.";
  const rows = previews.map((preview) => {
    const { environment, changes, problem } = preview;
    const objects = problem === undefined ? objectCount(changes) : "could not be compared";
    return `| ${environment} | ${releaseText(preview)} | ${objects} | ${verdictText(preview)} |`;
  });
  return ["| environment | release | objects | verdict |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function releaseText({ plan, unjudged, cause }: EnvironmentPreview): string {
  const arrow = (from: string | undefined, to: string): string => `${code(from ?? "nothing")} → ${code(to)}`;
  if (plan !== undefined) return arrow(plan.promotion.current?.id, plan.release.id);
  return unjudged === undefined ? otherText(cause) : arrow(unjudged.from, unjudged.release);
}

const otherText = (cause: EnvironmentPreview["cause"]): string =>
  cause === "pipeline" ? "the next one that is built from this" : "the same, with other settings";

function objectCount(changes: readonly ObjectChange[]): string {
  const counts = (["added", "changed", "removed"] as const).map((kind) => {
    const count = changes.filter((change) => change.kind === kind).length;
    return count === 0 ? "" : `${count} ${kind}`;
  });
  return counts.filter((text) => text !== "").join(", ") || "none";
}

function verdictText({ plan, unjudged }: EnvironmentPreview): string {
  if (plan === undefined) return unjudged === undefined ? "" : "? not judged";
  const { outcome, isRollback } = plan.judgement;
  if (outcome === "block") return "✗ **blocked**";
  return `${MARKS[outcome].mark} ${isRollback ? "a way back" : outcome}`;
}

function environmentText({ environment, plan, unjudged, problem }: EnvironmentPreview, now: Date): string {
  const unknown =
    unjudged === undefined ? [] : [`The promotion could not be judged:\n\n${fenced("text", unjudged.why)}\n`];
  const lines = plan === undefined ? unknown : planLines(plan, now);
  const trouble =
    problem === undefined ? [] : [`The objects could not be compared:\n\n${fenced("text", problem)}`];
  return [`### ${environment}`, "", ...lines, ...trouble].join("\n");
}

function planLines(plan: PromotionPlan, now: Date): string[] {
  const { place, promotion, judgement } = plan;
  const { waves } = place.project.pipeline.environments[place.environment]!;
  const [count = "", ...changes] = changeLines(promotion.target.changes, now);
  const proposal =
    judgement.proposal === undefined ? [] : [`- instead: ${code(judgement.proposal.id)} would fit`];
  return [
    `- changes: ${count}`,
    ...changes.map((line) => `  - ${escaped(line)}`),
    `- clusters: ${wavesText(waves)}`,
    ...judgement.verdicts.map(
      ({ guard, outcome, sentence }) => `- ${MARKS[outcome].mark} ${guard}: ${escaped(sentence)}`,
    ),
    ...proposal,
    ...planBackLines(plan).map((line, index) =>
      index === 0 ? `- way back: ${line}` : `  - ${escaped(line)}`,
    ),
  ];
}

function objectText({ kind, title, clusters, lines }: ObjectChange): string {
  const summaryLine = `<summary>${kind} <b>${html(title)}</b> in ${html(clusters.join(", "))}</summary>`;
  return `<details>${summaryLine}\n\n${fenced("diff", lines.join("\n"))}\n\n</details>`;
}

/** A block of code that nothing in it can end. */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

const code = (text: string): string => `\`${text.replaceAll("`", "'")}\``;
const html = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Subjects of commits come from anybody: no Markdown, no HTML, and nobody is called by name. */
export function escaped(text: string): string {
  return html(text)
    .replaceAll(/[\\`*_[\]|#~]/g, "\\$&")
    .replaceAll("@", "@\u200b");
}
