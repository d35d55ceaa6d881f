import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import {
  isAlive,
  listRecords,
  readRecord,
  signalGroup,
  startTicksOf,
  waitUntil,
} from "../../../sandbox/processes/index.ts";

/** Ends every process of the sandbox at once, as a power cut would, and waits until they are gone. */
export async function killEverything(dir: string): Promise<void> {
  const records = listRecords(dir);
  for (const { pid } of records) signalGroup(pid, "SIGKILL");
  await waitUntil(async () => !records.some(isAlive), 5_000);
}

const NAMESPACES = ["mnt", "pid", "net"];
/** What proc(5) counts in on Linux, whatever the kernel itself does. */
const TICKS_PER_SECOND = 100;

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

/** The namespaces of an engine and its containers. */
export interface Own {
  readonly namespaces: readonly string[];
  /** When they were seen, in clock ticks since boot: the kernel gives a number away again once it is free. */
  readonly seenAt: number;
}

/** The namespaces that an engine and its containers are in and the machine is not; each lives as long as it is used. */
export function ownNamespaces(dir: string, service: string): Own {
  const all = family(String(readRecord(dir, service)!.pid));
  const names = all.flatMap((pid) => NAMESPACES.map((kind) => namespaceOf(pid, kind)));
  const machine = NAMESPACES.map((kind) => namespaceOf("self", kind));
  const namespaces = [...new Set(names)].filter((name) => name !== "" && !machine.includes(name));
  return {
    namespaces,
    seenAt: Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]) * TICKS_PER_SECOND,
  };
}

/** What stays of a sandbox, once the kernel has had the time to end what was killed. */
export async function leftovers(dir: string, cgroup: string, own: Own): Promise<string[]> {
  await waitUntil(async () => inSystem(dir, cgroup, own).length === 0, 5_000);
  return inSystem(dir, cgroup, own);
}

/** What is there of a sandbox: processes that name it or are in its namespaces, mounts, control groups. */
export function inSystem(dir: string, cgroup: string, own: Own): string[] {
  const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry) && entry !== String(process.pid));
  const alive = pids.filter((pid) => {
    const started = startTicksOf(Number(pid));
    if (started === undefined) return false;
    const isInside = NAMESPACES.some((kind) => own.namespaces.includes(namespaceOf(pid, kind)));
    const isNamed = attempt(() => readFileSync(`/proc/${pid}/cmdline`, "utf8")).includes(dir);
    return isNamed || (isInside && Number(started) <= own.seenAt);
  });
  const mounts = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .filter((mount) => mount.includes(dir));
  const groups = cgroupMounts().filter((point) => readdirSync(point).includes(cgroup));
  return [...alive.map(describeProcess), ...mounts, ...groups.map((point) => `${point}/${cgroup}`)];
}

function describeProcess(pid: string): string {
  const status = attempt(() => readFileSync(`/proc/${pid}/status`, "utf8"));
  const facts = ["Name", "State", "PPid"].map(
    (fact) => new RegExp(`^${fact}:\\s*(.*)$`, "m").exec(status)?.[1] ?? "",
  );
  return `process ${pid}: ${facts.join(", ")}`;
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
