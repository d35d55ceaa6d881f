import { existsSync, statfsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { cacheRoot } from "../paths.ts";
import { tryRun } from "../processes/index.ts";
import { LINKER_GIB } from "./estimate.ts";
import { compareVersions, readVersion } from "./versions.ts";

/** The Go that the modules ask for. Go is kept from fetching another one (`GOTOOLCHAIN=local`). */
export const MIN_GO = "1.26.0";
/** Measured: 15 GB of caches and 1 GB of binaries for 1,450 cold seconds; 30 GB for 2,100 with room to spare. */
export const DISK_GB_PER_COLD_SECOND = 30 / 2100;
/** Parts that build in less than this, cold, link in little memory. */
const SMALL_PART_SECONDS = 60;
const SMALL_LINKER_GIB = 2;
const GIB = 1024 ** 3;
const GB = 1000 ** 3;

/** What has to be made, as far as it decides on what the machine needs. */
export interface Needs {
  /** Cold seconds of each Go part to build, by its name. */
  readonly goParts: Readonly<Record<string, number>>;
  /** Parts of which only files are read out of the Go module. */
  readonly goFiles: readonly string[];
  readonly npmPackages: readonly string[];
  readonly debianPackages: readonly string[];
}

export interface Facts {
  /** Undefined when there is no `go`. */
  readonly goVersion: string | undefined;
  readonly hasNpm: boolean;
  readonly hasAptGet: boolean;
  readonly isRoot: boolean;
  readonly cores: number;
  readonly availableGib: number;
  readonly freeGb: number;
  readonly cacheFolder: string;
}

/** Everything on this machine that stands in the way, each with what to do. */
export function checkFacts(needs: Needs, facts: Facts): string[] {
  return [
    checkGo(needs, facts),
    checkDisk(needs, facts),
    checkMemory(needs, facts),
    checkNpm(needs, facts),
    checkApt(needs, facts),
  ].flat();
}

function checkGo({ goParts, goFiles }: Needs, { goVersion }: Facts): string[] {
  const parts = [...new Set([...Object.keys(goParts), ...goFiles])];
  if (parts.length === 0) return [];
  const why = `Go ${MIN_GO} or newer is needed for ${parts.join(", ")}`;
  const fix = `Install it, or put ready binaries in a folder that DELIVERY_TOOLS_PATH names.`;
  if (goVersion === undefined) return [`${why}, and there is no "go" on PATH. ${fix}`];
  return compareVersions(goVersion, MIN_GO) < 0 ? [`${why}, and "go" on PATH is ${goVersion}. ${fix}`] : [];
}

/** The disk space that building takes while it goes on, in GB (10⁹ bytes). */
export function diskNeededGb(needs: Needs): number {
  const seconds = Object.values(needs.goParts).reduce((sum, part) => sum + part, 0);
  return seconds === 0 ? 0 : Math.ceil(1 + seconds * DISK_GB_PER_COLD_SECOND);
}

function checkDisk(needs: Needs, { freeGb, cacheFolder }: Facts): string[] {
  const needed = diskNeededGb(needs);
  if (freeGb >= needed) return [];
  return [
    `Building takes about ${needed} GB in ${cacheFolder}, and ${freeGb.toFixed(1)} GB are free. ` +
      `Free some, or name a folder on another disk in DELIVERY_CACHE.`,
  ];
}

function checkMemory({ goParts }: Needs, { availableGib }: Facts): string[] {
  const seconds = Math.max(0, ...Object.values(goParts));
  if (seconds === 0) return [];
  const needed = seconds < SMALL_PART_SECONDS ? SMALL_LINKER_GIB : LINKER_GIB;
  if (availableGib >= needed) return [];
  return [
    `Linking takes up to ${needed} GiB of memory, and ${availableGib.toFixed(1)} GiB are available. ` +
      `End other programs, or build on a bigger machine and put the binaries in a folder that DELIVERY_TOOLS_PATH names.`,
  ];
}

function checkNpm({ npmPackages }: Needs, { hasNpm }: Facts): string[] {
  if (npmPackages.length === 0 || hasNpm) return [];
  return [`npm is needed to download ${npmPackages.join(", ")}, and is not on PATH. Install npm.`];
}

function checkApt({ debianPackages }: Needs, { hasAptGet, isRoot }: Facts): string[] {
  if (debianPackages.length === 0) return [];
  const packages = debianPackages.join(" ");
  if (!hasAptGet) {
    return [
      `${packages} come from Debian packages, and there is no apt-get here. Install them by this system's own means and run again.`,
    ];
  }
  return isRoot
    ? []
    : [
        `Installing Debian packages needs root. Run this once, then again as you did: sudo apt-get install ${packages}`,
      ];
}

/** What this machine has, at the moment. */
export async function readFacts(goVersion: string | undefined): Promise<Facts> {
  const [hasNpm, hasAptGet] = await Promise.all([runs("npm"), runs("apt-get")]);
  const cacheFolder = cacheRoot();
  const disk = statfsSync(existingFolder(cacheFolder));
  return {
    goVersion,
    hasNpm,
    hasAptGet,
    isRoot: process.getuid?.() === 0,
    cores: availableParallelism(),
    // Of the machine or of the container, whichever is less.
    availableGib: process.availableMemory() / GIB,
    freeGb: (disk.bavail * disk.bsize) / GB,
    cacheFolder,
  };
}

/** The version of `go` on PATH; undefined when there is none. */
export async function readGoVersion(): Promise<string | undefined> {
  const { code, stdout } = await tryRun("go", ["version"], { env: { ...process.env, GOTOOLCHAIN: "local" } });
  return code === 0 ? readVersion(stdout.replace(/^go version go/, "")) : undefined;
}

async function runs(command: string): Promise<boolean> {
  return (await tryRun(command, ["--version"])).code === 0;
}

function existingFolder(path: string): string {
  return existsSync(path) ? path : existingFolder(dirname(path));
}
