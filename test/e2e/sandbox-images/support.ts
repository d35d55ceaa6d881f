import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import {
  isAlive,
  listRecords,
  readRecord,
  signalGroup,
  waitUntil,
} from "../../../sandbox/processes/index.ts";

/** Ends every process of the sandbox at once, as a power cut would, and waits until they are gone. */
export async function killEverything(dir: string): Promise<void> {
  const records = listRecords(dir);
  for (const { pid } of records) signalGroup(pid, "SIGKILL");
  await waitUntil(async () => !records.some(isAlive), 5_000);
}

const NAMESPACES = ["mnt", "pid", "net"];

const namespaceOf = (pid: number | string, kind: string): string =>
  attempt(() => readlinkSync(`/proc/${pid}/ns/${kind}`));

/** The namespaces that an engine runs in and the machine does not; the kernel keeps each as long as it is used. */
export function ownNamespaces(dir: string, service: string): string[] {
  const { pid } = readRecord(dir, service)!;
  const [engine = ""] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
  const inside = attempt(() => readFileSync(`/proc/${engine}/task/${engine}/children`, "utf8"))
    .trim()
    .split(" ");
  const all = [engine, ...inside].flatMap((each) => NAMESPACES.map((kind) => namespaceOf(each, kind)));
  const machine = NAMESPACES.map((kind) => namespaceOf("self", kind));
  return [...new Set(all)].filter((name) => name !== "" && !machine.includes(name));
}

/** What is still there of a sandbox: processes that name it or are in its namespaces, mounts, control groups. */
export function leftovers(dir: string, cgroup: string, namespaces: readonly string[]): string[] {
  const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry) && entry !== String(process.pid));
  const alive = pids.filter((pid) => {
    const isInside = NAMESPACES.some((kind) => namespaces.includes(namespaceOf(pid, kind)));
    return isInside || attempt(() => readFileSync(`/proc/${pid}/cmdline`, "utf8")).includes(dir);
  });
  const mounts = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .filter((mount) => mount.includes(dir));
  const groups = cgroupMounts().filter((point) => readdirSync(point).includes(cgroup));
  return [...alive.map((pid) => `process ${pid}`), ...mounts, ...groups.map((point) => `${point}/${cgroup}`)];
}

function cgroupMounts(): string[] {
  const lines = readFileSync("/proc/self/mounts", "utf8").split("\n");
  return lines
    .map((line) => line.split(" "))
    .flatMap(([, point, type]) => (type?.startsWith("cgroup") && point ? [point] : []));
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
