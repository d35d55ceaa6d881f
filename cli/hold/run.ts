import {
  checkHold,
  checkNewHold,
  editStackFile,
  holdText,
  isHeld,
  readHold,
  readStackConfig,
  STACK_KEYS,
} from "../../components/promotion";
import { throwIfAny } from "../../components/mistake";
import { pinClusters, unknownClusters } from "../rollback/clusters";
import { environmentFile, fileText } from "../shell/environment";
import type { EnvironmentOf } from "../shell/environment";
import type { Context, Input, Result } from "../shell/contract";
import { UsageError } from "../shell/usage-error";

/** `delivery hold` */
export async function hold(input: Input, context: Context): Promise<Result> {
  const [lift, reason, until] = [input.flag("lift"), input.text("reason"), input.text("until")];
  if (lift && (reason ?? until) !== undefined)
    throw new UsageError("hold", ["--lift goes without --reason and --until"]);
  if (until !== undefined && reason === undefined)
    throw new UsageError("hold", ["--reason is missing: say why"]);
  const clusters = input.list("cluster");
  if (clusters.length > 0 && !lift)
    throw new UsageError("hold", [
      "--cluster goes with --lift; delivery rollback ENV --cluster C holds one back",
    ]);
  const place = await environmentFile(input, context);
  if (clusters.length > 0) return unpin(place, clusters);
  const { environment, file } = place;
  const change = { environment, file, named: fileText(place), now: context.now() };
  if (lift) return liftHold(change);
  return reason === undefined
    ? tell(change)
    : setHold(change, until === undefined ? { reason } : { reason, until });
}

interface Place {
  readonly environment: string;
  readonly file: string;
  /** The file, for messages. */
  readonly named: string;
  readonly now: Date;
}

function setHold(
  { environment, file, named, now }: Place,
  block: { reason: string; until?: string },
): Result {
  throwIfAny(`Holding ${environment}`, checkNewHold("the hold", block, now));
  const changed = editStackFile(file, { [STACK_KEYS.hold]: block });
  const said = holdText(readHold(block)!);
  const text = changed
    ? `${environment} is ${said}. Commit ${named} to tell everybody.`
    : `${environment} is ${said} already.`;
  return { value: { environment, hold: block, changed }, text };
}

function liftHold({ environment, file, named }: Place): Result {
  const changed = editStackFile(file, { [STACK_KEYS.hold]: undefined });
  const text = changed
    ? `${environment} is no longer held. Commit ${named} to tell everybody.`
    : `${environment} was not held.`;
  return { value: { environment, hold: null, changed }, text };
}

/** The hold of the environment, if there is one, stays. */
function unpin(place: EnvironmentOf, clusters: readonly string[]): Result {
  const { environment, file } = place;
  throwIfAny(`Lifting pins of ${environment}`, unknownClusters(place, clusters));
  const changed = pinClusters(file, Object.fromEntries(clusters.map((cluster) => [cluster, undefined])));
  const names = clusters.join(", ");
  const text = changed
    ? `${names} of ${environment}: no longer pinned. Commit ${fileText(place)}, then: delivery up ${environment}`
    : `${names} of ${environment}: not pinned.`;
  return { value: { environment, unpinned: clusters, changed }, text };
}

function tell({ environment, file, named, now }: Place): Result {
  const block = readStackConfig(file)[STACK_KEYS.hold];
  if (block !== undefined)
    throwIfAny(`The hold of ${environment}`, checkHold(`${named}: ${STACK_KEYS.hold}`, block));
  const found = readHold(block);
  const held = isHeld(found, now);
  const ended =
    found === undefined
      ? `${environment} is not held.`
      : `${environment} was ${holdText(found)}. It is over.`;
  return {
    value: { environment, hold: block ?? null, held, changed: false },
    text: held ? `${environment} is ${holdText(found)}.` : ended,
  };
}
