import { ageText } from "../../guards";
import type { Deployment, DeploymentOutcome } from "../../history";
import { count } from "../words";
import { escaped, timeElement } from "./escape";

const OUTCOME_WORDS: Readonly<Record<DeploymentOutcome, string>> = {
  verified: "verified",
  failed: "failed",
  open: "not verified yet",
};
/** Ends of the line in percent, so that a mark at an end is not cut off. */
const [LEFT, RIGHT] = [2, 98];

/**
 * The deployments on a line of time, and as a table for whoever wants to read them. The line is a picture of the
 * table, so it is hidden from what reads aloud.
 */
export function timeline(deployments: readonly Deployment[], now: Date): string {
  const oldest = deployments.at(-1);
  if (oldest === undefined) return "";
  const start = oldest.begun.getTime();
  const span = Math.max(1, now.getTime() - start);
  const x = (at: Date): string => (LEFT + ((RIGHT - LEFT) * (at.getTime() - start)) / span).toFixed(2);
  const marks = deployments.toReversed().map((one) => mark(one, x(one.begun)));
  return `<div class="timeline">
<svg width="100%" height="26" aria-hidden="true" focusable="false"><line x1="${LEFT}%" x2="${RIGHT}%" y1="13" y2="13"/>${marks.join("")}</svg>
<p class="ends muted" aria-hidden="true"><span>${ageText(span)} ago</span><span>now</span></p>
</div>
<details><summary>${count(deployments.length, "deployment")}</summary>
<ol class="deployments" reversed>${deployments.map((one) => `<li>${sentence(one)}</li>`).join("")}</ol>
</details>`;
}

/** A shape for each outcome, so that no colour is needed; a way back points to the left. */
function mark({ outcome, isRollback }: Deployment, x: string): string {
  const shapes = {
    verified: '<circle r="5.5"/>',
    failed: '<path d="M-5-5 5 5M5-5-5 5"/>',
    open: '<circle r="5" class="ring"/>',
  };
  const back = '<path d="M-7 0 5-6V6Z" class="filled"/>';
  const shape = isRollback && outcome === "verified" ? back : shapes[outcome];
  return `<svg x="${x}%" y="13" overflow="visible" class="${outcome}">${shape}</svg>`;
}

function sentence({ release, outcome, begun, verified, isRollback, override }: Deployment): string {
  const took = verified === undefined ? "" : `, in ${ageText(verified.getTime() - begun.getTime())}`;
  const back = isRollback ? ", a way back" : "";
  const reason = override === undefined ? "" : `, overridden: ${escaped(override)}`;
  const what = `${OUTCOME_WORDS[outcome]}${took.replace(", in now", ", at once")}${back}${reason}`;
  return `<span class="release">${escaped(release)}</span> ${timeElement(begun)}: <span class="${outcome}-word">${what}</span>`;
}
