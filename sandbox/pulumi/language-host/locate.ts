import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join, resolve } from "node:path";
import { nearestManifest } from "./packages.ts";

const RUN_MODULE = "@pulumi/pulumi/cmd/run";
const EXTENSIONS = ["", ".js", ".ts", ".cjs", ".cts", ".mjs", ".mts", ".json", ".node"];

/** The part of the Pulumi SDK that runs a program, as the program itself would find it; undefined when it is not installed. */
export function locateRunModule(programDirectory: string): string | undefined {
  try {
    return createRequire(join(programDirectory, "program.js")).resolve(RUN_MODULE);
  } catch {
    return undefined;
  }
}

/** What keeps the program from being started; empty when nothing does. */
export function checkProgram(programDirectory: string, entryPoint: string): string[] {
  const missing = checkEntryPoint(programDirectory, entryPoint);
  if (locateRunModule(programDirectory) !== undefined) return missing;
  return [
    `The Pulumi SDK is not installed: @pulumi/pulumi is in no node_modules in ${programDirectory} or above. ` +
      `Run "npm install" in the program's folder.`,
    ...missing,
  ];
}

function checkEntryPoint(programDirectory: string, entryPoint: string): string[] {
  const path = resolve(programDirectory, entryPoint);
  const found = EXTENSIONS.map((extension) => path + extension).find((candidate) => existsSync(candidate));
  if (found === undefined) {
    return [
      `The program's entry point ${path} does not exist. Correct "main" in Pulumi.yaml, or make the file.`,
    ];
  }
  if (!statSync(found).isDirectory() || hasIndex(found) || namesEntryPoint(found)) return [];
  return [
    `There is no program in ${found}: no index.js and no index.ts, and no "main" in a package.json. ` +
      `Make one, or name the program's file by "main" in Pulumi.yaml.`,
  ];
}

function hasIndex(directory: string): boolean {
  return readdirSync(directory).some((name) => name === `index${extname(name)}`);
}

function namesEntryPoint(directory: string): boolean {
  const { main, exports } = nearestManifest(directory)?.manifest ?? {};
  return main !== undefined || exports !== undefined;
}
