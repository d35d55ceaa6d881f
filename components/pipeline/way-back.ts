import type * as pulumi from "@pulumi/pulumi";
import { isWayBack } from "../history";
import { readFactsSync } from "../history/sync";
import { ledgerBranch } from "../ledger";
import { secretsOf } from "../ledger/access/named";
import { assertValid } from "../problems";
import type { Release } from "../release";
import type { PipelineComponentArgs } from "./component";

/**
 * Whether the environment goes back to a release, by its branch of the ledger. Without a ledger nobody knows, and every
 * release is taken for a new one.
 *
 * @throws pulumi.ResourceError when the ledger cannot be asked.
 */
export function isGoingBack(
  { pipeline, stack, secret }: PipelineComponentArgs,
  { id }: Release,
  parent: pulumi.Resource,
): boolean {
  const { app, ledger } = pipeline;
  if (ledger === undefined) return false;
  const location = { ...ledger, branch: ledgerBranch(app, stack) };
  const facts = readFactsSync({ location, secrets: secretsOf(ledger.access, secret) });
  if (!("problems" in facts)) return isWayBack(facts.deployments, id);
  const what = `whether ${id} has succeeded in ${stack} before cannot be told, and with it whether its migration is to run`;
  assertValid(parent, [`${what}: ${facts.problems.join("; ")}`]);
  return false;
}
