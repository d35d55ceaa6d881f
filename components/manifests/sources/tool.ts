import { spawnSync } from "node:child_process";
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { systemEnvironment } from "../../environment";
import { Mistake } from "../../mistake";
import { MAX_YAML_BYTES } from "../yaml";

/** How long one call of kubectl or helm may take, in seconds. */
export const TOOL_SECONDS = 60;
/** How much memory it may take, in MiB. It holds where Linux's `prlimit` is; elsewhere time and output bound it. */
export const TOOL_MEMORY_MIB = 1024;
/** How many lines of what it said an error repeats. */
const SHOWN_LINES = 12;
/** Nobody listens there: a tool that would fetch something fails at once. */
const NOWHERE = "http://127.0.0.1:9";

/** What a tool is run with. */
export interface ToolRun {
  readonly tool: "kubectl" | "helm";
  /** The folder that it runs in. */
  readonly root: string;
  /** Given the temporary folder that it has for its own. */
  readonly args: (own: string) => readonly string[];
  /** Files in that folder, name → text. */
  readonly files?: Readonly<Record<string, string>>;
  /** @default {@link TOOL_SECONDS} */
  readonly seconds?: number;
}

/**
 * What a tool prints. It gets an argument vector, none of this process's environment, no program to call, no network
 * but the machine itself, and bounded time, memory and output.
 *
 * @throws Mistake with what the tool said.
 */
export function runTool({ tool, root, args, files = {}, seconds = TOOL_SECONDS }: ToolRun): string {
  const program = findProgram(tool);
  if (program === undefined) {
    throw new Mistake(`Running ${tool}`, [
      `${tool} is not on PATH; install it, or render these manifests before`,
    ]);
  }
  const own = mkdtempSync(join(tmpdir(), "delivery-tool-"));
  try {
    mkdirSync(join(own, "home"), { mode: 0o700 });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(own, name), text, { mode: 0o600 });
    const ended = spawnSync(...bounded(program, args(own), seconds), {
      cwd: root,
      env: environmentOf(join(own, "home")),
      timeout: seconds * 1000,
      killSignal: "SIGKILL",
      maxBuffer: MAX_YAML_BYTES,
      encoding: "utf8",
    });
    if (ended.status === 0 && ended.error === undefined) return ended.stdout;
    throw new Mistake(`Running ${tool}`, [
      whyNot(tool, ended, seconds).replaceAll(`${root}/`, "").replaceAll(own, ""),
    ]);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

/** `prlimit` becomes the program that it starts; a limit on time that is counted by the kernel holds without us, too. */
function bounded(program: string, args: readonly string[], seconds: number): [string, string[]] {
  const prlimit = process.platform === "linux" ? findProgram("prlimit") : undefined;
  if (prlimit === undefined) return [program, [...args]];
  const limits = [`--data=${TOOL_MEMORY_MIB * 1024 * 1024}`, `--cpu=${seconds}`, "--core=0"];
  return [prlimit, [...limits, program, ...args]];
}

function environmentOf(home: string): Record<string, string> {
  const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].map((name) => [name, NOWHERE]);
  const helm = ["CONFIG_HOME", "CACHE_HOME", "DATA_HOME", "PLUGINS"].map((name) => [`HELM_${name}`, home]);
  const fixed = {
    PATH: "",
    HOME: home,
    TMPDIR: home,
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
    KUBECONFIG: join(home, "none"),
  };
  const memory = { GOMEMLIMIT: `${Math.floor(TOOL_MEMORY_MIB * 0.8)}MiB` };
  return { ...Object.fromEntries([...proxies, ...helm]), ...fixed, ...memory };
}

function whyNot(tool: string, ended: ReturnType<typeof spawnSync>, seconds: number): string {
  const { code } = (ended.error ?? {}) as NodeJS.ErrnoException;
  if (code === "ETIMEDOUT" || ended.signal === "SIGXCPU") {
    return `${tool} took more than ${seconds} s and was ended; make what it renders smaller`;
  }
  if (code === "ENOBUFS") return `${tool} printed more than ${MAX_YAML_BYTES} bytes and was ended; split it`;
  const said = String(ended.stderr ?? "").trim();
  if (/out of memory|cannot allocate memory/.test(said)) {
    return `${tool} took more than ${TOOL_MEMORY_MIB} MiB of memory; make what it renders smaller`;
  }
  const last = said.split("\n").slice(0, SHOWN_LINES).join("\n");
  return `${tool} failed (${ended.signal ?? code ?? `exit code ${ended.status}`}): ${last}`;
}

function findProgram(name: string): string | undefined {
  const folders = (systemEnvironment().PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
