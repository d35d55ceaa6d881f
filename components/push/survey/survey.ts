import { openCluster } from "../../clusters/api/api";
import { UnreachableError } from "../../clusters/api/http";
import { patient } from "../../clusters/api/patience";
import { probeCluster } from "../../clusters/probe";
import type { Reach } from "../../clusters/probe";
import type { Environment } from "../../environment";
import { deploymentsOf } from "../../history/deployments";
import { problemsOf } from "../../ledger/failure";
import type { Ledger } from "../../ledger/read";
import { readLedger } from "../../ledger/read/ledger";
import { objectKey } from "../../manifests/manifest";
import type { Manifest } from "../../manifests";
import { verifiedReleases, wayBackFrom } from "../../promotion/recovery";
import type { Survey, SurveyedCluster, SurveyOrder, Told, WayBack } from "./args";
import { foreignObjects, objectsThere } from "./foreign";
import { refOf } from "./ref";
import { readTold } from "./told";

/** Asks every cluster and the ledger, all at once; what cannot be asked is an answer. */
export async function survey(order: SurveyOrder, environment: Environment): Promise<Survey> {
  const asked = [probeAll(order.clusters, environment), askLedger(order, environment)] as const;
  const [reach, ledger] = await Promise.all(asked);
  const [owned, missing, lacking] = await Promise.all([
    lookForForeign(order, reach, ledger.told),
    lookForMissing(order, reach, ledger.told),
    lookForLacking(order, reach),
  ]);
  return { ...ledger, ...owned, missing, lacking };
}

async function probeAll(
  clusters: readonly SurveyedCluster[],
  environment: Environment,
): Promise<Record<string, Reach>> {
  const asked = clusters.flatMap(({ name, access }) =>
    access === undefined
      ? []
      : [probeCluster(name, access, environment).then((reach) => [name, reach] as const)],
  );
  return Object.fromEntries(await Promise.all(asked));
}

/** A ledger that cannot be read is no error yet: what does not change needs none. */
async function askLedger(
  order: SurveyOrder,
  environment: Environment,
): Promise<Pick<Survey, "told" | "back" | "ledgerProblem">> {
  const { ledger: location, secrets, leaving } = order;
  if (location === undefined) return { told: {}, ledgerProblem: undefined };
  try {
    const ledger = await readLedger(location, {
      ...{ environment, config: (name: string) => secrets[name] },
      maxWaitSeconds: LEDGER_SECONDS,
    });
    const told = await readTold(order, ledger);
    ledger.close();
    const back = leaving === undefined ? undefined : wayBack(leaving, ledger);
    return { told, back, ledgerProblem: undefined };
  } catch (error) {
    return { told: {}, ledgerProblem: problemsOf(error).join("; ") };
  }
}

function wayBack(leaving: string, { history }: Pick<Ledger, "history">): WayBack | undefined {
  const back = wayBackFrom(leaving, verifiedReleases(deploymentsOf(history)));
  return back === undefined ? undefined : { release: back.id, at: back.verified.getTime() };
}

/** How long a ledger that does not answer is tried again, in seconds. */
const LEDGER_SECONDS = 5;

type Access = NonNullable<SurveyedCluster["access"]>;

/** What a look into each cluster that answers finds there; those where it finds nothing are left out. */
async function lookInto<T>(
  { clusters }: SurveyOrder,
  reach: Survey["reach"],
  look: (cluster: SurveyedCluster, access: Access) => Promise<readonly T[]>,
): Promise<Record<string, readonly T[]>> {
  const asked = clusters.map(async (cluster) => {
    const { name, access } = cluster;
    const isThere = access !== undefined && reach[name]?.state === "reachable";
    return [name, isThere ? await look(cluster, access) : []] as const;
  });
  return Object.fromEntries((await Promise.all(asked)).filter(([, found]) => found.length > 0));
}

/**
 * What the cluster was told before is ours, whoever has applied it. A cluster that does not tell whose the others are cannot
 * be reached for this delivery: they would be taken over unseen.
 */
async function lookForForeign(
  order: SurveyOrder,
  reach: Survey["reach"],
  told: Readonly<Record<string, Told>>,
): Promise<Pick<Survey, "foreign" | "reach">> {
  const blind: Record<string, Reach> = {};
  const foreign = await lookInto(order, reach, async ({ name, objects }, access) => {
    if (!order.looksForForeign) return [];
    const { list, earlier = [] } = told[name] ?? {};
    const before = [...(list === undefined ? [] : [...list.objects, list.record]), ...earlier];
    const known = new Set(before.map(objectKey));
    const fresh = objects.filter((ref) => !known.has(keyOf(ref)));
    try {
      return await foreignIn(name, access, fresh);
    } catch (error) {
      const isSilent = error instanceof UnreachableError && error.isSilent;
      blind[name] = { state: "unreachable", why: (error as Error).message, isSilent };
      return [];
    }
  });
  return { foreign, reach: { ...reach, ...blind } };
}

/** Only a server that says so lacks an API. */
function lookForLacking(
  order: SurveyOrder,
  reach: Survey["reach"],
): Promise<Record<string, readonly string[]>> {
  const { wanted = [] } = order;
  return lookInto(order, reach, async ({ name }, access) => {
    if (wanted.length === 0) return [];
    const { send } = openCluster(name, access);
    const asked = wanted.map(async (api) => {
      const { status } = await send({ method: "GET", path: `/apis/${api}` }).catch(() => ({ status: 0 }));
      return status === 404 ? [api] : [];
    });
    return (await Promise.all(asked)).flat();
  });
}

/** What was told and has not succeeded may never have come there; a release that has succeeded has brought all of it. */
function lookForMissing(
  order: SurveyOrder,
  reach: Survey["reach"],
  told: Readonly<Record<string, Told>>,
): Promise<Record<string, readonly string[]>> {
  return lookInto(order, reach, async ({ name }, access) => {
    const { list, earlier = [], verified } = told[name] ?? {};
    const isSure = list === undefined || list.contentHash === verified;
    return isSure ? [] : missingIn(name, access, [...list.objects, ...earlier]);
  });
}

/** Where we may not look, nothing counts as missing. */
async function missingIn(
  cluster: string,
  access: Access,
  objects: readonly Manifest[],
): Promise<readonly string[]> {
  try {
    const there = await objectsThere(patient(openCluster(cluster, access)), objects.map(refOf));
    const keys = new Set(there.map(({ ref }) => keyOf(ref)));
    return objects.map(objectKey).filter((key) => !keys.has(key));
  } catch {
    return [];
  }
}

const keyOf = ({ apiVersion, kind, namespace, name }: SurveyedCluster["objects"][number]): string =>
  objectKey({ apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } });

/** @throws Error when the cluster does not tell. */
async function foreignIn(
  cluster: string,
  access: Access,
  objects: SurveyedCluster["objects"],
): ReturnType<typeof foreignObjects> {
  return objects.length === 0 ? [] : foreignObjects(patient(openCluster(cluster, access)), objects);
}
