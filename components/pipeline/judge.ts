import * as pulumi from "@pulumi/pulumi";
import { judgeBy } from "../guards";
import type { Candidate, Judgement, Promotion } from "../guards";
import { stackFilePath } from "../history";
import type { CountedSource } from "../pending";
import { countedSource, placesFor } from "../pending/read";
import { askPromotionSync } from "../pending/sync";
import { assertValid } from "../problems";
import type { Release } from "../release";
import { secretsOf } from "../ledger/access/named";
import type { PipelineComponentArgs } from "./component";

/**
 * Asks the environment's guards about the release of its file, in every preview and update. A warning is shown; a block
 * stops the program before anything is declared. What has been begun is finished, and a way back passes.
 *
 * @throws pulumi.ResourceError when a guard blocks, or the ledger cannot be asked.
 */
export function judgeDelivery(
  args: PipelineComponentArgs,
  { id, commit }: Release,
  parent: pulumi.Resource,
): void {
  const { pipeline, root, stack: environment, secret } = args;
  const { guards } = pipeline.environments[environment]!;
  if (guards.length === 0) return;
  const places = placesFor({ pipeline, environment, stackFile: (stack) => stackFilePath(root, stack) });
  const { paths, counts } = countedSource(pipeline);
  const answer = askPromotionSync({
    ...{ ...places, source: { root, paths }, target: { id, commit } },
    ...{ now: new Date().toISOString(), secrets: secretsOf(pipeline.ledger?.access, secret) },
  });
  if ("problems" in answer) {
    assertValid(parent, [`the guards of ${environment} could not be asked: ${answer.problems.join("; ")}`]);
    return;
  }
  if (answer.isBegun) return;
  const judgement = judgeBy(guards, counted(answer.promotion, counts));
  assertValid(parent, blocks(judgement, environment));
  warn(judgement, parent);
}

/** A function cannot be sent to the process that asks, so it is asked here. */
function counted(promotion: Promotion, counts: CountedSource["counts"]): Promotion {
  if (counts === undefined) return promotion;
  const choose = (candidate: Candidate): Candidate => ({
    ...candidate,
    changes: candidate.changes.filter((change) => change.kind !== "commit" || counts(change)),
  });
  const { target, candidates } = promotion;
  return { ...promotion, target: choose(target), candidates: candidates.map(choose) };
}

function blocks({ outcome, verdicts, proposal }: Judgement, environment: string): string[] {
  if (outcome !== "block") return [];
  const fits = proposal === undefined ? "no verified release fits" : `${proposal.id} fits`;
  return [
    ...verdicts
      .filter((verdict) => verdict.outcome === "block")
      .map(({ guard, sentence }) => `${guard} blocks this release: ${sentence}`),
    `${fits}; see: delivery pending ${environment}`,
  ];
}

function warn({ verdicts }: Judgement, resource: pulumi.Resource): void {
  for (const { guard, outcome, sentence } of verdicts) {
    if (outcome !== "pass") void pulumi.log.warn(`${guard}: ${sentence}`, resource);
  }
}
