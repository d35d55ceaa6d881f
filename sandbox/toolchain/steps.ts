import { goKey } from "./cache.ts";
import { installPackages } from "./debian.ts";
import { buildTools, copyModuleFiles } from "./go-build.ts";
import { unpackTools } from "./npm-unpack.ts";
import type { Needs } from "./preflight.ts";
import type { Step } from "./progress.ts";
import type { Missing } from "./survey.ts";

/** What the machine needs for these. */
export function needsOf({ go, npm, debian, files }: Missing): Needs {
  return {
    goParts: Object.fromEntries(go.map(({ part, tools }) => [part.name, coldSeconds(tools)])),
    goFiles: files.map((part) => part.name),
    npmPackages: npm.map(({ part }) => part.package),
    debianPackages: debian.map(({ part }) => part.name),
  };
}

/** One step for all Debian packages: apt-get runs once at a time anyway. */
export function debianSteps({ debian }: Missing): Step[] {
  if (debian.length === 0) return [];
  const packages = debian.map(({ part }) => part.name);
  return [
    {
      title: `Debian packages ${packages.join(", ")}`,
      coldSeconds: coldSeconds(debian.map(({ part }) => part)),
      run: (context) => installPackages(packages, context),
    },
  ];
}

/** The steps that make everything else. They can run in any order, or at once. */
export function buildSteps({ go, npm, files }: Missing, goVersion: string, unzip: string): Step[] {
  const built = go.map(({ part, tools }): Step => ({
    title: `${part.name} ${part.version}`,
    coldSeconds: coldSeconds(tools),
    run: (context) => buildTools(part, tools, goKey(part, goVersion), context),
  }));
  const unpacked = npm.map(({ part, tools }): Step => ({
    title: part.name,
    coldSeconds: part.coldSeconds,
    run: (context) => unpackTools(part, tools, unzip, context),
  }));
  const copied = files.map((part): Step => ({
    title: `${part.name} files`,
    coldSeconds: FILES_SECONDS,
    run: (context) => copyModuleFiles(part, context),
  }));
  return [...unpacked, ...copied, ...built];
}

const FILES_SECONDS = 2;

function coldSeconds(things: readonly { readonly coldSeconds: number }[]): number {
  return things.reduce((sum, thing) => sum + thing.coldSeconds, 0);
}
