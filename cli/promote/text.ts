import { ageText } from "../../components/guards";
import type { Change, Outcome, Verdict } from "../../components/guards";
import type { RecoveryPlan, WaveOfClusters } from "../../components/promotion";
import type { Paint, Style } from "../shell/paint";
import type { PromotionPlan } from "./plan";

/** How many changes a plan names. */
const SHOWN_CHANGES = 10;
const LABEL_WIDTH = 10;

/** The plan of a promotion, for people. */
export function planText(plan: PromotionPlan, paint: Paint): string {
  const { place, release, promotion, judgement } = plan;
  const { current, target, from, now } = promotion;
  const head = `${place.environment}: ${current?.id ?? "nothing"} → ${release.id} (from ${from})`;
  const { waves } = place.project.pipeline.environments[place.environment]!;
  return [
    paint("bold", head),
    ...rows("changes", changeLines(target.changes, now)),
    ...rows("clusters", [wavesText(waves)]),
    ...rows("guards", verdictLines(judgement.verdicts, paint)),
    ...rows("way back", planBackLines(plan)),
  ].join("\n");
}

/** The way back of a plan, or why it is not known. */
export function planBackLines({ back, backProblem, promotion }: PromotionPlan): string[] {
  return backProblem === undefined ? wayBackLines(back?.plan, promotion.now) : [`not known: ${backProblem}`];
}

/** Lines of a plan under one label. */
export function rows(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `  ${(index === 0 ? label : "").padEnd(LABEL_WIDTH)}${line}`);
}

/** The changes, the newest first, and how long the oldest has waited. */
export function changeLines(changes: readonly Change[], now: Date): string[] {
  if (changes.length === 0) return ["none that count"];
  const times = changes.flatMap(({ time }) => (time === undefined ? [] : [time.getTime()]));
  const age = ageText(now.getTime() - Math.min(...times));
  const oldest = times.length === 0 ? "" : `, the oldest ${age === "now" ? "just made" : `${age} old`}`;
  const lines = changes.slice(0, SHOWN_CHANGES).map(changeLine);
  const more = changes.length - SHOWN_CHANGES;
  return [`${changes.length}${oldest}`, ...lines, ...(more > 0 ? [`and ${more} more`] : [])];
}

function changeLine(change: Change): string {
  return change.kind === "commit" ? `${change.commit.slice(0, 8)} ${change.subject}` : change.subject;
}

/** `canary: eu-1 → rest: us-1, us-2` */
export function wavesText(waves: readonly WaveOfClusters[]): string {
  return waves.map(({ name, clusters }) => `${name}: ${clusters.join(", ")}`).join(" → ");
}

export const MARKS: Readonly<Record<Outcome, { readonly mark: string; readonly style: Style }>> = {
  pass: { mark: "✓", style: "green" },
  warn: { mark: "!", style: "yellow" },
  block: { mark: "✗", style: "red" },
};

function verdictLines(verdicts: readonly Verdict[], paint: Paint): string[] {
  if (verdicts.length === 0) return ["none"];
  return verdicts.map(({ guard, outcome, sentence }) => {
    const { mark, style } = MARKS[outcome];
    return `${paint(style, mark)} ${guard}: ${sentence}`;
  });
}

/** The way back in two or three lines. */
export function wayBackLines(plan: RecoveryPlan | undefined, now: Date): string[] {
  if (plan === undefined) return ["none: nothing has succeeded there before"];
  const ago = plan.verified === undefined ? "never verified" : `verified ${agoText(plan.verified, now)}`;
  const images = Object.entries(plan.images).map(([name, presence]) => `image ${name} ${presence}`);
  const schema = plan.schema === "none" ? [] : [`schema ${plan.schema}`];
  const clusters = plan.waves.flatMap((wave) => wave.clusters).join(", ");
  return [
    [plan.target, ago, ...images, ...schema].join(" · "),
    ...plan.problems.map((problem) => `✗ ${problem}`),
    `${plan.command}   (${clusters})`,
  ];
}

function agoText(time: Date, now: Date): string {
  const age = ageText(now.getTime() - time.getTime());
  return age === "now" ? "just now" : `${age} ago`;
}
