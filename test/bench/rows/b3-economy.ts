import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench, Contestant, Finding, Row } from "../contract.ts";
import { timeFinding, worker } from "../runner/index.ts";
import type { Economy, EconomySettings } from "../workloads/economy/engine.ts";
import { assertSameObjects } from "../workloads/render/objects.ts";

const SERVICES = 100;
const QUICK_SERVICES = 5;
const CLUSTERS = ["eu-1", "eu-2", "us-1", "us-2"];
const FOLDER = join(import.meta.dirname, "../workloads/economy");
const PLAIN = "hand-written loop";
const FILES = { ours: "ours.ts", [PLAIN]: "plain.ts", pull: "pull.ts" } as const;
type Name = keyof typeof FILES;
/** Rounds of what takes many seconds each. */
const SLOW_RUNS = 3;

const row: Row = {
  id: "B3",
  title: "economy: 100 services × 3 environments × 4 clusters under the fake engine",
  async run(bench) {
    const settings = { services: bench.quick ? QUICK_SERVICES : SERVICES, clusters: CLUSTERS };
    const ours = await once(bench, "ours", settings);
    const plain = await once(bench, PLAIN, settings);
    assertSameObjects(PLAIN, ours.objects, plain.objects);
    bench.say(`${ours.objects.length} objects, the same ones from both`);
    const pull = await worker<Economy>(fileOf("pull"), settings);
    const contestants = (["ours", PLAIN] as const).map((name) => contestant(name, settings));
    const comparison = await bench.compare(contestants, { ...(!bench.quick && { runs: SLOW_RUNS }) });
    const metric = `time of ${ours.objects.length} objects`;
    const target = { of: "slower", is: "at most", value: 1.15 } as const;
    return [
      timeFinding(comparison, { metric, ours: "ours", peer: PLAIN, target }),
      count("resources", "resources", ours.economy.resources, plain.economy.resources),
      count("state", "KiB", ours.economy.stateBytes / 1024, plain.economy.stateBytes / 1024),
      fewer(count("resources in pull mode", "resources", pull.resources, plain.economy.resources), 50),
      fewer(count("state in pull mode", "KiB", pull.stateBytes / 1024, plain.economy.stateBytes / 1024), 20),
    ];
  },
};
export default row;

const fileOf = (name: Name): string => join(FOLDER, FILES[name]);

function contestant(name: Name, settings: EconomySettings): Contestant {
  return { name, run: () => worker(fileOf(name), settings) };
}

interface Once {
  readonly economy: Economy;
  readonly objects: readonly object[];
}

async function once({ dir }: Bench, name: Name, settings: EconomySettings): Promise<Once> {
  const dump = join(dir, `${name}.json`);
  const economy = await worker<Economy>(fileOf(name), { ...settings, dump });
  const registered = JSON.parse(readFileSync(dump, "utf8")) as Registered[];
  return { economy, objects: registered.filter(isService).map(bare) };
}

interface Registered {
  readonly type: string;
  readonly inputs: { readonly metadata: { readonly name: string; readonly annotations?: object } };
}

/** What belongs to a service: namespaces and the records of the release are declared by one alone, or differently. */
const isService = ({ inputs }: Registered): boolean => inputs.metadata.name.startsWith("service-");

/** Without the name of the field manager, which only we set, and what the SDK's classes repeat of the type. */
function bare({ type, inputs }: Registered): object {
  const metadata = { ...inputs.metadata, annotations: undefined };
  return { type, ...inputs, apiVersion: undefined, kind: undefined, metadata };
}

function count(metric: string, unit: string, ours: number, peer: number): Finding {
  return { metric, unit, ours, peer, peerName: PLAIN };
}

function fewer(finding: Finding, value: number): Finding {
  return { ...finding, target: { of: "faster", is: "at least", value } };
}
