import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { logPath } from "./cache.ts";
import { runLogged } from "./logged.ts";
import type { StepContext } from "./progress.ts";

/** Whom Debian's package scripts ask before they start a service. See policy-rc.d(8) of invoke-rc.d. */
export const POLICY = "/usr/sbin/policy-rc.d";
/** Set for our own `apt-get` only, and inherited by the package scripts: left behind, the policy says nothing. */
export const HOLD_VARIABLE = "PULUMI_DELIVERY_HOLD_SERVICES";
const LOG = "debian-packages";
const FORBIDDEN = 101;
const APT_LOCK_SECONDS = 300;

/** Installs packages. Nothing is removed, replaced or started. */
export async function installPackages(packages: readonly string[], context: StepContext): Promise<void> {
  rmSync(logPath(LOG), { force: true });
  await withServicesHeld(POLICY, async () => {
    context.say(`installing ${packages.join(", ")}`);
    const install = ["install", "--yes", "--no-install-recommends", "--no-remove", ...packages];
    try {
      await aptGet(install, context);
    } catch {
      // No lists yet, as on a fresh machine, or lists that name files which are gone.
      context.say("reading the package lists");
      await aptGet(["update"], context);
      context.say(`installing ${packages.join(", ")}`);
      await aptGet(install, context);
    }
  });
  rmSync(logPath(LOG), { force: true });
}

/** Not stopped by an interrupt: a package half-way installed has to be repaired by hand. */
async function aptGet(args: readonly string[], context: StepContext): Promise<void> {
  await runLogged({
    name: "Debian packages",
    command: "apt-get",
    args: ["-o", `DPkg::Lock::Timeout=${APT_LOCK_SECONDS}`, ...args],
    cwd: "/",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", [HOLD_VARIABLE]: "1" },
    log: logPath(LOG),
    onLine: context.say,
  });
}

/**
 * Keeps package scripts from starting services while `work` runs, and puts back what was there.
 * After a kill the policy stays, asks the former one for everybody else, and the next call puts that back.
 */
export async function withServicesHeld<T>(policy: string, work: () => Promise<T>): Promise<T> {
  const former = `${policy}.before-pulumi-delivery`;
  if (isOurs(policy)) rmSync(policy);
  else if (existsSync(policy)) renameSync(policy, former);
  writeFileSync(policy, policyScript(former));
  chmodSync(policy, 0o755);
  try {
    return await work();
  } finally {
    if (existsSync(former)) renameSync(former, policy);
    else if (isOurs(policy)) rmSync(policy);
  }
}

function isOurs(policy: string): boolean {
  return existsSync(policy) && readFileSync(policy, "utf8").includes(HOLD_VARIABLE);
}

function policyScript(former: string): string {
  return [
    "#!/bin/sh",
    "# Written by pulumi-delivery's sandbox for the time of its own apt-get; harmless if it is still here.",
    `[ "$${HOLD_VARIABLE}" = 1 ] && exit ${FORBIDDEN}`,
    `[ -x "${former}" ] && exec "${former}" "$@"`,
    "exit 0",
    "",
  ].join("\n");
}
