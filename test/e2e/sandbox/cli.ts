import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { cgroupName } from "../../../sandbox/images/cgroups.ts";
import { CHECKOUT, sandboxDir } from "../../../sandbox/paths.ts";
import { isAlive, listRecords, run, tryRun } from "../../../sandbox/processes/index.ts";
import type { ProcessRecord, RunResult } from "../../../sandbox/processes/index.ts";
import { leftovers, ownNamespaces } from "../sandbox-images/support";

/** A sandbox of one's own, as somebody uses it who has no more than the command line. */
export interface Cli {
  readonly name: string;
  readonly dir: string;
  /** `npm run sandbox -- COMMAND`, without npm. @throws when it fails */
  sandbox(command: string, ...args: string[]): Promise<string>;
  trySandbox(command: string, ...args: string[]): Promise<RunResult>;
  records(): ProcessRecord[];
  /** Looks at what the sandbox uses now, and returns a look at what of it is still there later. */
  watch(): () => Promise<string[]>;
}

const MAIN = join(CHECKOUT, "sandbox", "cli.ts");
const ENGINE = { service: "buildkitd", cgroup: "buildkit" };

/** @param part tells it from the other sandboxes of this run; all of them are removed at its end */
export function cliOf(part: string): Cli {
  const name = `${inject("sandboxName")}-${part}`;
  const dir = sandboxDir(name);
  const argv = (command: string, args: readonly string[]): string[] => [
    MAIN,
    command,
    "--name",
    name,
    ...args,
  ];
  const records = (): ProcessRecord[] => listRecords(dir);
  return {
    name,
    dir,
    records,
    sandbox: (command, ...args) => run(process.execPath, argv(command, args)),
    trySandbox: (command, ...args) => tryRun(process.execPath, argv(command, args)),
    watch() {
      const before = records();
      const namespaces = ownNamespaces(dir, ENGINE.service);
      return async () => [
        ...(await leftovers(dir, cgroupName(dir, ENGINE.cgroup), namespaces)),
        ...before.filter(isAlive).map((record) => `${record.name} runs`),
        ...before.flatMap(({ pid }) => groupOf(pid)).map((pid) => `process ${pid} of one of its groups`),
        ...(existsSync(dir) ? [dir] : []),
      ];
    },
  };
}

/** The ids of the processes that run in a process group. */
export function groupOf(group: number): number[] {
  const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  return pids.map(Number).filter((pid) => {
    const [state = "X", , ownGroup] = fieldsOf(pid);
    return ownGroup === String(group) && !"ZX".includes(state);
  });
}

/** Fields of `stat` behind the name: state, parent, group and so on. None of a process that is gone. */
function fieldsOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}
