import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ACTIONS } from "../../../../cli/ci/github";
import { tryRun } from "../../../../sandbox/processes/index.ts";
import { ensureTools } from "../../../../sandbox/toolchain/index.ts";

/** One run of a workflow by `act`, on this machine. */
export interface ActRun {
  /** A checkout of the repository. */
  readonly folder: string;
  /** Where act and its jobs may keep what they need. */
  readonly place: string;
  readonly event: "push" | "pull_request";
  readonly payload?: object;
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

export interface ActOutcome {
  readonly code: number;
  readonly said: string;
  /** By job, how it ended. */
  readonly jobs: Readonly<Record<string, string>>;
  /** What the jobs wrote for people. */
  readonly summary: string;
}

interface Line {
  readonly job?: string;
  readonly jobID?: string;
  readonly jobResult?: string;
  readonly msg?: string;
}

/** How act tells what a step has added to the job's summary. */
const SUMMARY = /Summary - ([^]*)/;

/** An action of others, which is no package: here it does nothing, since this machine has what it would install. */
const EMPTY_ACTION = `name: stand-in
description: the machine has it already
runs:
  using: composite
  steps:
    - run: "true"
      shell: bash
`;

/** Makes the runner; the first time on a machine `act` is built. */
export async function actRunner(): Promise<(asked: ActRun) => Promise<ActOutcome>> {
  const { act } = await ensureTools(["act"]);
  return async ({ folder, place, event, payload = {}, env, secrets }) => {
    mkdirSync(place, { recursive: true });
    const written = { event: payload, env, secrets };
    const files = Object.entries(written).map(([name, value]) => {
      const path = join(place, `${name}.json`);
      writeFileSync(path, name === "event" ? JSON.stringify(value) : dotenv(value), { mode: 0o600 });
      return path;
    });
    const [payloadFile, envFile, secretFile] = files as [string, string, string];
    const args = [
      ...[event, "--json", "--platform", "ubuntu-latest=-self-hosted", "--rm", "--no-recurse"],
      ...["--eventpath", payloadFile, "--env-file", envFile, "--secret-file", secretFile],
      ...standIns(place),
    ];
    const own = { ...env, XDG_CACHE_HOME: join(place, "cache"), HOME: place };
    const { code, stdout, stderr } = await tryRun(act, args, { cwd: folder, env: own });
    const lines = `${stdout}\n${stderr}`.split("\n").flatMap(parsed);
    const ended = lines.flatMap(({ jobID, jobResult }) =>
      jobID && jobResult ? [[jobID, jobResult] as const] : [],
    );
    const said = lines.map(({ jobID, msg }) => `${jobID ?? ""}: ${msg ?? ""}`.trimEnd()).join("\n");
    const summaries = lines.flatMap(({ msg = "" }) => SUMMARY.exec(msg)?.[1] ?? []);
    return { code, said, jobs: Object.fromEntries(ended), summary: summaries.join("\n") };
  };
}

/** Where act is told to find each action but the checkout, which it does by itself. */
function standIns(place: string): string[] {
  const others = Object.values(ACTIONS).filter(({ name }) => name !== ACTIONS.checkout.name);
  return others.flatMap(({ name, commit }) => {
    const folder = join(place, "actions", name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "action.yml"), EMPTY_ACTION);
    return ["--local-repository", `${name}@${commit}=${folder}`];
  });
}

function dotenv(values: object): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join("\n");
}

function parsed(line: string): Line[] {
  try {
    return [JSON.parse(line) as Line];
  } catch {
    return line === "" ? [] : [{ msg: line }];
  }
}
