import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";

const SCRIPT = join(import.meta.dirname, "private-run.sh");
const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** A command line for `startService`. */
export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * Runs an engine in process and mount namespaces of its own and with its own `/run`. When it ends, however it
 * ends, the kernel ends every process in there, and with them go all mounts and network namespaces. The network is
 * the machine's.
 *
 * @param home the engine's folder
 */
export function contained(home: string, command: string, args: readonly string[]): CommandLine {
  const scratch = join(home, "run");
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  const namespaces = ["--mount", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"];
  return { command: "unshare", args: [...namespaces, "/bin/sh", SCRIPT, scratch, command, ...args] };
}

/** A PATH on which these binaries come first. */
export function pathWith(...binaries: readonly string[]): string {
  return [...new Set(binaries.map((binary) => dirname(binary))), SYSTEM_PATH].join(":");
}
