import { ageText, judgePromotion, oldestAgeMs } from "../../components/guards";
import type { Change, Judgement, Outcome } from "../../components/guards";
import { pendingOf, promotionTo, questionOf } from "../../components/pending";
import type { Pending, PromotionRequest } from "../../components/pending";
import type { Context, Project, Run } from "../shell/contract";
import type { Paint, Style } from "../shell/paint";
import { stateHistory } from "../shell/state";

/** What is pending, and how it is judged. */
interface Judged {
  readonly pending: Pending;
  /** Undefined when there is nothing to promote. */
  readonly judgement: Judgement | undefined;
}

/** `delivery pending [ENV]` */
export const pending: Run = async (input, context) => {
  const project = await context.project();
  const environment = input.optionalArgument("ENV");
  if (environment === undefined) return pendingEverywhere(project, context);
  const judged = await judge(project, environment, context);
  return { value: valueOf(judged, context.now()), text: details(judged, context) };
};

async function pendingEverywhere(project: Project, context: Context): ReturnType<Run> {
  const names = Object.keys(project.pipeline.environments);
  const all = await Promise.all(names.map((name) => judge(project, name, context)));
  const now = context.now();
  return {
    value: all.map((each) => valueOf(each, now)),
    text: all
      .map((each) => `${context.paint("bold", each.pending.environment)}  ${outline(each, now)}`)
      .join("\n"),
  };
}

async function judge(project: Project, environment: string, context: Context): Promise<Judged> {
  const { pipeline, root, stackFile } = project;
  const asked = { runtime: { environment: context.env }, stateHistory: stateHistory(project, context) };
  const request: PromotionRequest = { pipeline, root, stackFile, environment, now: context.now(), ...asked };
  const question = await questionOf(request);
  const found = await pendingOf(question);
  const isNew = found.next !== undefined && found.next.id !== found.current?.id;
  if (!isNew || found.relation === "same") return { pending: found, judgement: undefined };
  const { guards } = pipeline.environments[environment]!;
  return { pending: found, judgement: judgePromotion(guards, await promotionTo(question, found.next)) };
}

function valueOf({ pending: found, judgement }: Judged, now: Date): object {
  const { outcome, verdicts, proposal } = judgement ?? {};
  return {
    ...found,
    oldestSeconds: Math.round((oldestAgeMs(found.changes, now) ?? 0) / 1000),
    outcome,
    verdicts,
    proposal: proposal?.id,
  };
}

function outline({ pending: found, judgement }: Judged, now: Date): string {
  const { changes, releases, next, from } = found;
  if (next === undefined) return `${from} has verified nothing yet`;
  if (changes.length === 0)
    return releases.length === 0 ? "nothing waits" : `${count(releases.length, "release")} without a commit`;
  const age = ageText(oldestAgeMs(changes, now) ?? 0);
  const verdict = judgement === undefined ? "" : `, ${judgement.outcome}`;
  return `${count(changes.length, "change")}, oldest ${age}${verdict}`;
}

function details(judged: Judged, { paint, now }: Context): string {
  const { pending: found, judgement } = judged;
  const { environment, from, current, next, promoted } = found;
  const head = [
    `${paint("bold", environment)} from ${from}: ${outline(judged, now())}`,
    `  runs      ${current === undefined ? "nothing yet" : `${current.id}  (${short(current.commit)})`}`,
    ...(next === undefined ? [] : [`  would get ${next.id}  (${short(next.commit)}${relationText(found)})`]),
    ...(promoted === undefined ? [] : [paint("yellow", `  promoted, not delivered yet: ${promoted.id}`)]),
  ];
  return [
    ...head,
    ...section(
      "Changes",
      found.changes.map((change) => changeLine(change, now())),
    ),
    ...section(
      "Releases",
      found.releases.map(
        ({ id, verified }) =>
          `${id}  verified ${verified === undefined ? "never" : agoText(verified, now())}`,
      ),
    ),
    ...section("Guards", guardLines(judgement, paint)),
  ].join("\n");
}

function guardLines(judgement: Judgement | undefined, paint: Paint): string[] {
  if (judgement === undefined) return [];
  const { verdicts, proposal, outcome } = judgement;
  return [
    ...verdicts.map(
      ({ guard, outcome: one, sentence }) => `${paint(STYLES[one], one.padEnd(5))}  ${guard}: ${sentence}`,
    ),
    ...(proposal === undefined
      ? []
      : [`${paint("green", "fits ")}  ${proposal.id}, with ${count(proposal.changes.length, "change")}`]),
    ...(proposal === undefined && outcome === "block"
      ? ["no verified release fits; wait, or override with a reason"]
      : []),
  ];
}

const STYLES: Readonly<Record<Outcome, Style>> = { pass: "green", warn: "yellow", block: "red" };

function changeLine(change: Change, now: Date): string {
  const age = change.time === undefined ? "uncommitted" : agoText(change.time, now);
  if (change.kind === "settings") return `settings      ${change.subject}  (${age})`;
  return `${short(change.commit)}  ${change.subject}  (${change.author}, ${age})`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}

function relationText({ relation }: Pending): string {
  return relation === undefined || relation === "ahead" || relation === "same" ? "" : `, ${relation}`;
}

function agoText(at: Date, now: Date): string {
  const age = ageText(now.getTime() - at.getTime());
  return age === "now" ? "just now" : `${age} ago`;
}

const short = (commit: string): string => commit.slice(0, 12);
const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
