import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Environment } from "../../environment";
import { Mistake } from "../../mistake";
import { runBounded } from "../../source/bounded";
import type { Ended } from "../../source/bounded";
import { hasCommit, isShallow, placeOf } from "../../source/clone";
import type { Place } from "../../source/clone";
import { withWorktree } from "../../source/worktree";
import type { Worktree } from "../../source/worktree";
import { PIPELINE_EXTENSIONS, PIPELINE_MODULE } from "./args";
import type { ReleaseFiles, ReleaseRequest } from "./args";
import { providePackages } from "./packages";
import type { InstallPlaces } from "./packages";
import type { RendererAnswer, RendererOrder } from "./renderer";

/** How long a release's code may take to load and to render all clusters of an environment, in seconds. */
export const RENDER_SECONDS = 120;
/** How much memory it may take, in MiB. */
export const RENDER_MEMORY_MIB = 1024;
/** How much it may render, in bytes. */
export const RENDER_MAX_BYTES = 128 * 1024 * 1024;
/** How much it may print meanwhile, in bytes. */
const PRINT_MAX_BYTES = 1024 * 1024;
/** How many lines of what the code printed an error repeats. */
const SHOWN_LINES = 12;

/**
 * What a release's own code renders: the code at its commit, in a checkout and a process of its own that get none of
 * this process's environment.
 *
 * @throws Mistake when the clone lacks the commit, its packages cannot be installed, or its code fails.
 */
export async function renderAtCommit(request: ReleaseRequest, places: InstallPlaces): Promise<ReleaseFiles> {
  const { commit } = request.release;
  const place = requireCommit(request.root, commit);
  places.say(`the code at commit ${commit} renders it`);
  return withWorktree(request.root, commit, async (worktree) => {
    const module = findModule(join(worktree.top, place.prefix));
    const folder = join(place.prefix, dirname(PIPELINE_MODULE));
    await providePackages({ here: place.top, there: worktree.top, folder }, places);
    return runRenderer({ ...request, root: join(worktree.top, place.prefix) }, module, { worktree, places });
  });
}

function requireCommit(root: string, commit: string): Place {
  const what = "Looking for its commit";
  const place = placeOf(root);
  if (place === undefined)
    throw new Mistake(what, [`${root} is in no Git repository, so its code is not here`]);
  if (hasCommit(root, commit)) return place;
  const fetchOne = `git fetch origin ${commit}`;
  const why = isShallow(root) ? ", which is a shallow one" : "";
  const fix = isShallow(root) ? `git fetch --unshallow (or ${fetchOne})` : fetchOne;
  throw new Mistake(what, [`commit ${commit} is not in this clone${why}; get it with: ${fix}`]);
}

function findModule(root: string): string {
  const module = PIPELINE_EXTENSIONS.map((extension) => join(root, PIPELINE_MODULE + extension)).find(
    (path) => existsSync(path),
  );
  if (module !== undefined) return module;
  throw new Mistake("Looking for its pipeline", [
    `its commit has no ${PIPELINE_MODULE}.ts; so nothing renders it`,
  ]);
}

interface RunPlaces {
  readonly worktree: Worktree;
  readonly places: InstallPlaces;
}

async function runRenderer(
  request: ReleaseRequest,
  module: string,
  { worktree: { workspace }, places }: RunPlaces,
): Promise<ReleaseFiles> {
  const answer = join(workspace, "answer.json");
  const order: RendererOrder = {
    ...{ request, module, answer, maxBytes: RENDER_MAX_BYTES },
    parent: process.pid,
  };
  const args = [`--max-old-space-size=${RENDER_MEMORY_MIB}`, join(__dirname, "renderer.js")];
  const ended = await runBounded(process.execPath, args, {
    cwd: request.root,
    env: rendererEnvironment(workspace, places.system),
    input: JSON.stringify(order),
    seconds: RENDER_SECONDS,
    maxBytes: PRINT_MAX_BYTES,
  });
  if (!existsSync(answer)) throw new Mistake("Rendering it", [whyNoAnswer(ended)]);
  const said = JSON.parse(readFileSync(answer, "utf8")) as RendererAnswer;
  if (!("problems" in said)) return said;
  throw new Mistake(
    "Rendering it",
    said.problems.map((problem) => problem.replaceAll(`${request.root}/`, "")),
  );
}

/** Rendering depends on nothing around it. The library that runs stands behind the packages of the checkout. */
function rendererEnvironment(workspace: string, { PATH }: Environment): Environment {
  const [home, packages] = [join(workspace, "home"), join(workspace, "packages")];
  for (const folder of [home, packages]) mkdirSync(folder, { mode: 0o700 });
  symlinkSync(packageFolder(__dirname), join(packages, "pulumi-delivery"), "dir");
  return { PATH, HOME: home, TMPDIR: home, LC_ALL: "C.UTF-8", TZ: "UTC", NODE_PATH: packages };
}

/** The folder of this library's `package.json`: sources and compiled files lie at different depths below it. */
function packageFolder(folder: string): string {
  return existsSync(join(folder, "package.json")) ? folder : packageFolder(dirname(folder));
}

function whyNoAnswer({ exceeded, code, stderr }: Ended): string {
  if (exceeded === "seconds") return `its code took more than ${RENDER_SECONDS} s`;
  if (exceeded === "maxBytes") return `its code printed more than ${PRINT_MAX_BYTES} bytes`;
  if (stderr.includes("heap out of memory"))
    return `its code took more than ${RENDER_MEMORY_MIB} MiB of memory`;
  const last = stderr.trim().split("\n").slice(-SHOWN_LINES).join("\n");
  return `its code ended with exit code ${code ?? "none"} and no answer: ${last}`;
}
