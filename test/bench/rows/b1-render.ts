import { join } from "node:path";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import type { Bench, Comparison, Finding, Row } from "../contract.ts";
import { exponent, memoryFinding, timed, timeFinding } from "../runner/index.ts";
import { nodeRender, outputOf } from "../workloads/render/contestants.ts";
import type { Name } from "../workloads/render/contestants.ts";
import { listsOf } from "../workloads/render/lists.ts";
import { assertSameObjects, objectsIn } from "../workloads/render/objects.ts";
import { ENVIRONMENTS, servicesOf } from "../workloads/render/services.ts";
import { writeChart } from "../workloads/render/helm.ts";
import { writeOverlay } from "../workloads/render/kustomize.ts";

const SIZES = { small: 100, large: 400 };
const QUICK_SIZES = { small: 10, large: 40 };
const OBJECTS_EACH = 5;
/** Rounds of what takes half a minute each. */
const SLOW_RUNS = 3;
/** The one environment that the tools render in a call. */
const ENVIRONMENT = "prod";

const FLOOR = { ours: "ours", peer: "js-yaml floor" };

const row: Row = {
  id: "B1",
  title: "render: services × 3 environments, 5 objects each, a file each, checked",
  async run(bench) {
    const { small, large } = bench.quick ? QUICK_SIZES : SIZES;
    const fewer = await compareRenders(bench, small, ["ours", "js-yaml floor"]);
    const more = await compareRenders(bench, large, ["ours", "js-yaml floor", "cdk8s"]);
    return [
      ...againstFloor(countOf(small), fewer),
      ...againstFloor(countOf(large), more),
      growth({ size: countOf(small), comparison: fewer }, { size: countOf(large), comparison: more }),
      ...againstCdk8s(countOf(large), more),
      ...(await againstTools(bench, large)),
    ];
  },
};
export default row;

const countOf = (services: number): number => services * OBJECTS_EACH * ENVIRONMENTS.length;

/** Renders of all three environments, compared for what they mean and then for their time. */
async function compareRenders(bench: Bench, services: number, names: readonly Name[]): Promise<Comparison> {
  const settings = { services, environments: ENVIRONMENTS };
  const contestants = names.map((name) => nodeRender(bench.dir, name, settings));
  const outputs: object[][] = [];
  for (const { name, run } of contestants) {
    await run();
    outputs.push(outputOf(bench.dir, name as Name));
  }
  names.forEach((name, index) => assertSameObjects(name, outputs[0]!, outputs[index]!));
  if (outputs[0]!.length !== countOf(services))
    throw new Error(`${outputs[0]!.length} objects were rendered`);
  bench.say(`${outputs[0]!.length} objects, the same ones from ${names.join(", ")}`);
  return bench.compare(contestants);
}

function againstFloor(objects: number, comparison: Comparison): Finding[] {
  const target = { of: "slower", is: "at most", value: 1.5 } as const;
  return [
    timeFinding(comparison, { metric: `render and write ${objects} objects`, ...FLOOR, target }),
    memoryFinding(comparison, { metric: `memory at ${objects} objects`, ...FLOOR }),
  ];
}

interface Sized {
  readonly size: number;
  readonly comparison: Comparison;
}

function growth(fewer: Sized, more: Sized): Finding {
  const of = (name: string): number => {
    const [small, large] = [fewer, more].map(({ size, comparison }) => {
      return { size, cost: comparison.of(name).median };
    });
    return exponent(small!, large!);
  };
  return {
    metric: `growth from ${fewer.size} to ${more.size} objects`,
    ...{ unit: "(exponent)", ours: of(FLOOR.ours), peer: of(FLOOR.peer), peerName: FLOOR.peer },
    target: { of: "ours", is: "at most", value: 1.1 },
  };
}

function againstCdk8s(objects: number, comparison: Comparison): Finding[] {
  const target = { of: "faster", is: "at least", value: 5 } as const;
  const question = { ours: "ours", peer: "cdk8s" };
  return [
    timeFinding(comparison, { metric: `render and write ${objects} objects`, ...question, target }),
    memoryFinding(comparison, { metric: `memory at ${objects} objects`, ...question }),
  ];
}

/** Tools that render one environment in a call. */
async function againstTools(bench: Bench, services: number): Promise<Finding[]> {
  const { kubectl, helm } = await ensureTools(["kubectl", "helm"]);
  const [chart, overlay] = layOut(bench, services);
  const values = join(chart, `values-${ENVIRONMENT}.yaml`);
  const helmArgs = ["template", "shop", chart, "--namespace", "shop", "--values", values];
  const versions = {
    helm: await versionOf(helm, "version", "--short"),
    kubectl: await versionOf(kubectl, "version", "--client"),
  };
  const peers = [
    { name: "helm template", command: helm, args: helmArgs },
    { name: "kubectl kustomize", command: kubectl, args: ["kustomize", overlay], ...SLOW },
  ];
  const findings: Finding[] = [];
  for (const peer of peers) findings.push(...(await againstTool(bench, services, peer)));
  return findings.map((finding) => ({ ...finding, versions }));
}

const SLOW = { runs: SLOW_RUNS, target: { of: "faster", is: "at least", value: 50 } } as const;

interface Tool extends Partial<typeof SLOW> {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

async function againstTool(bench: Bench, services: number, tool: Tool): Promise<Finding[]> {
  const { name, command, args, runs, target } = tool;
  const options = { env: { PATH: process.env["PATH"], HOME: bench.dir } };
  const objects = listsOf(services, [ENVIRONMENT])[ENVIRONMENT] ?? [];
  const { stdout } = await timed(command, args, options);
  assertSameObjects(name, objects, objectsIn(stdout));
  bench.say(`${objects.length} objects, the same ones from ${name}`);
  const ours = nodeRender(bench.dir, "ours", { services, environments: [ENVIRONMENT] });
  const contestants = [ours, { name, run: () => timed(command, args, options) }];
  const comparison = await bench.compare(contestants, { ...(runs && { runs }), warm: false });
  const question = { ours: "ours", peer: name };
  return [
    timeFinding(comparison, {
      metric: `render ${objects.length} objects of one environment`,
      ...question,
      ...(target && { target }),
    }),
    memoryFinding(comparison, { metric: `memory at ${objects.length} objects`, ...question }),
  ];
}

/** A chart and an overlay of the same services. Returns their folders. */
function layOut({ dir }: Bench, services: number): [chart: string, overlay: string] {
  const objects = listsOf(services, [ENVIRONMENT])[ENVIRONMENT] ?? [];
  const plain = servicesOf(services, ENVIRONMENT);
  const chart = join(dir, "chart");
  writeChart(chart, ENVIRONMENT, { services: plain, objects });
  const overlay = writeOverlay(join(dir, "kustomize"), ENVIRONMENT, { services: plain, objects });
  return [chart, overlay];
}

async function versionOf(command: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await timed(command, args);
  return /v(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? "unknown";
}
