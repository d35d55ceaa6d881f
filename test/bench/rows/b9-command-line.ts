import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../../sandbox/paths.ts";
import type { Contestant, Finding, Row } from "../contract.ts";
import { memoryFinding, timed, timeFinding } from "../runner/index.ts";

const MAIN = join(CHECKOUT, "dist", "cli", "main.js");
const EMPTY = "an empty program";
/** Command lines that need neither the engine nor a project. */
const LINES = [
  "--help",
  "promote --help",
  "--version",
  "completion bash",
  "completion --environments",
] as const;
const TARGET = { of: "slower", is: "at most", value: 1.5 } as const satisfies Finding["target"];

const row: Row = {
  id: "B9",
  title: "command line: from its start to its end, where no engine is needed",
  async run(bench) {
    const file = join(bench.dir, "empty.cjs");
    writeFileSync(file, "");
    const compiled = { NODE_COMPILE_CACHE: join(bench.dir, "compiled") };
    const lines = LINES.map((line) =>
      node(`delivery ${line}`, [MAIN, ...line.split(" ")], bench.dir, compiled),
    );
    const first = node(FIRST, [MAIN, "--help"], bench.dir, { NODE_DISABLE_COMPILE_CACHE: "1" });
    const comparison = await bench.compare([node(EMPTY, [file], bench.dir, {}), ...lines, first]);
    const of = (name: string): Finding[] => {
      const question = { metric: name, ours: name, peer: EMPTY };
      const time = timeFinding(comparison, name === FIRST ? question : { ...question, target: TARGET });
      return [time, memoryFinding(comparison, { ...question, metric: `memory, ${name}` })];
    };
    return [...LINES.map((line) => `delivery ${line}`), FIRST].flatMap(of);
  },
};
export default row;

/** As after an installation, when nothing of it was compiled yet. */
const FIRST = "delivery --help, for the first time";

function node(name: string, args: readonly string[], cwd: string, more: NodeJS.ProcessEnv): Contestant {
  return { name, run: () => timed(process.execPath, args, { cwd, env: { ...process.env, ...more } }) };
}
