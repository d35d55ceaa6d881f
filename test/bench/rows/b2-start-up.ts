import { join } from "node:path";
import { CHECKOUT } from "../../../sandbox/paths.ts";
import type { Bench, Comparison, Contestant, Finding, Row } from "../contract.ts";
import { memoryFinding, timed, timeFinding, worker } from "../runner/index.ts";
import { linkPackages, writeImport, writeProgram, writeProject } from "../workloads/startup/programs.ts";

const OURS = { ours: "ours", peer: "bare SDKs" } as const;
const PEERS = ["ours", "bare SDKs"] as const;
const FLOOR = "@pulumi/pulumi alone";
const TSC = join(CHECKOUT, "node_modules/typescript/bin/tsc");

const row: Row = {
  id: "B2",
  title: "start-up: import, smallest program, and its type check",
  async run(bench) {
    linkPackages(bench.dir);
    const imports = await bench.compare(
      [...PEERS, FLOOR].map((name) => script(name, writeImport(bench.dir, name as typeof FLOOR))),
    );
    const programs = await bench.compare(PEERS.map((name) => script(name, writeProgram(bench.dir, name))));
    const types = await bench.compare(PEERS.map((name) => typeCheck(bench, name)));
    return [
      ...times("import", imports),
      timeFinding(imports, { metric: "import", ours: "ours", peer: FLOOR }),
      memoryFinding(imports, { metric: "import", ours: "ours", peer: FLOOR }),
      ...times("smallest program, compiled", programs),
      timeFinding(types, { metric: "type check of the smallest program", ...OURS, target: atMost(1.1) }),
    ];
  },
};
export default row;

const atMost = (value: number): NonNullable<Finding["target"]> => ({ of: "slower", is: "at most", value });

function times(metric: string, comparison: Comparison): Finding[] {
  const more = { of: "more", is: "at most", value: 10, unit: "MiB" } as const;
  return [
    timeFinding(comparison, { metric, ...OURS, target: atMost(1.05) }),
    memoryFinding(comparison, { metric: `memory, ${metric}`, ...OURS, target: more }),
  ];
}

function script(name: string, file: string): Contestant {
  return { name, run: () => worker(file, {}) };
}

/** It has to succeed: a program with errors is checked faster. */
function typeCheck({ dir }: Bench, name: (typeof PEERS)[number]): Contestant {
  const project = writeProject(dir, name);
  return { name, run: () => timed(process.execPath, [TSC, "-p", project]) };
}
