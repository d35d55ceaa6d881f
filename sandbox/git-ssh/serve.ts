import { spawn } from "node:child_process";
import { ACTOR_VARIABLE, encodeActor } from "../git/policy/actor.ts";
import { knownKeys } from "./keys.ts";
import { judge } from "./request.ts";
import type { SshAccess } from "./request.ts";

/** The forced command of a deploy key: `serve.ts ROOT KEY-ID`. It runs for one connection. */
function serve(root: string, id: number): void {
  const key = knownKeys(root).find((known) => known.id === id);
  if (key === undefined) return refuse("ERROR: This key was removed.");
  const access: SshAccess = key.read_only ? "read" : "write";
  const { repository } = key;
  const verdict = judge({ command: process.env["SSH_ORIGINAL_COMMAND"] ?? "", repository, access });
  if (verdict.kind === "refuse") return refuse(verdict.words);
  const actor = encodeActor({ login: `deploy-key-${key.id}`, permission: access });
  const env = {
    PATH: process.env["PATH"],
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    [ACTOR_VARIABLE]: actor,
    ...protocol(process.env["GIT_PROTOCOL"]),
  };
  const child = spawn("git", [verdict.program, key.dir], { env, stdio: "inherit" });
  child.on("error", () => refuse("ERROR: git cannot be run."));
  child.on("exit", (code) => process.exit(code ?? 1));
}

/** The client's wish for a version of the protocol. It comes from outside, so it has a fixed form. */
function protocol(wish: string | undefined): Record<string, string> {
  return wish !== undefined && /^version=\d$/.test(wish) ? { GIT_PROTOCOL: wish } : {};
}

function refuse(words: string): void {
  process.stderr.write(`${words}\n`);
  process.exitCode = 1;
}

const [root = "", id = ""] = process.argv.slice(2);
serve(root, Number(id));
