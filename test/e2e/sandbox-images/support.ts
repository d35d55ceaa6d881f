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

/** The process and all that its threads started, directly or not. */
function family(pid: string): string[] {
  const threads = attempt(() => readdirSync(`/proc/${pid}/task`).join(" ")).split(" ");
  const children = threads.map((thread) =>
    attempt(() => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8")),
  );
  return [
    pid,
    ...children
      .join(" ")
      .split(" ")
      .filter((child) => child !== "")
      .flatMap(family),
  ];
}

/** The namespaces that an engine and its containers are in and the machine is not; each lives as long as it is used. */
export function ownNamespaces(dir: string, service: string): string[] {
  const all = family(String(readRecord(dir, service)!.pid));
  const names = all.flatMap((pid) => NAMESPACES.map((kind) => namespaceOf(pid, kind)));
  const machine = NAMESPACES.map((kind) => namespaceOf("self", kind));
  return [...new Set(names)].filter((name) => name !== "" && !machine.includes(name));
}

/** What stays of a sandbox, once the kernel has had the time to end what was killed. */
export async function leftovers(
  dir: string,
  cgroup: string,
  namespaces: readonly string[],
): Promise<string[]> {
  await waitUntil(async () => inSystem(dir, cgroup, namespaces).length === 0, 3_000);
  return inSystem(dir, cgroup, namespaces);
}

/** What is there of a sandbox: processes that name it or are in its namespaces, mounts, control groups. */
export function inSystem(dir: string, cgroup: string, namespaces: readonly string[]): string[] {
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
