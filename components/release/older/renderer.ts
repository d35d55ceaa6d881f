/**
 * A program of its own: `node renderer.js` in the checkout of a release. It loads that checkout's pipeline as Pulumi
 * would, and lets the library that the pipeline is written with render it. Standard input is a {@link RendererOrder};
 * the answer goes to a file, since a pipeline may print what it likes.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { dieWithParent } from "../../source/parent";
import type { ReleaseFiles, ReleaseRequest } from "./args";

/** What the program is told. */
export interface RendererOrder {
  readonly request: ReleaseRequest;
  /** The pipeline's module, absolute and with its extension. */
  readonly module: string;
  /** The file for the answer. */
  readonly answer: string;
  readonly maxBytes: number;
  /** Id of the process that waits for it. */
  readonly parent: number;
}

/** What it answers. */
export type RendererAnswer = ReleaseFiles | { readonly problems: readonly string[] };

/** What a pipeline is rendered with. The library promises to keep it: a later version calls it in an earlier one. */
interface Library {
  readonly renderRelease?: (pipeline: unknown, request: ReleaseRequest) => ReleaseFiles;
}

/** What of Pulumi's SDK knows how to read TypeScript. Source: @pulumi/pulumi, `cmd/run/run.ts`. */
interface Loader {
  readonly typeScriptRequireStrings: () => {
    readonly tsnodeRequire: string;
    readonly typescriptRequire: string;
  };
  readonly loadTypeScriptCompilerOptions: (path: string) => Readonly<Record<string, unknown>>;
}

function render({ module, request }: RendererOrder): RendererAnswer {
  const project = createRequire(module);
  if (!isEsModule(module, request.root)) readTypeScript(project, tsconfigOf(module, request.root));
  const { pipeline } = project(module) as { readonly pipeline?: unknown };
  if (pipeline === undefined) return { problems: [`${module} exports no "pipeline"`] };
  const { renderRelease } = project("pulumi-delivery") as Library;
  if (renderRelease !== undefined) return renderRelease(pipeline, request);
  return { problems: ["its version of pulumi-delivery cannot render for another one"] };
}

/**
 * Reads TypeScript as the SDK does when it runs a program, but does not check its types: that was done when the
 * release was made.
 */
function readTypeScript(project: NodeRequire, tsconfig: string | undefined): void {
  const sdk = createRequire(findSdk(project));
  const tools = sdk("@pulumi/pulumi/tsutils") as Loader;
  const { tsnodeRequire, typescriptRequire } = tools.typeScriptRequireStrings();
  const own = tsconfig === undefined ? {} : tools.loadTypeScriptCompilerOptions(tsconfig);
  const { register } = sdk(tsnodeRequire) as {
    readonly register: (options: object) => void;
  };
  const modern = { target: "ES2020", module: "nodenext", moduleResolution: "nodenext", sourceMap: "true" };
  const place = tsconfig === undefined ? { skipProject: true } : { project: tsconfig };
  const compilerOptions = { ...modern, ...own };
  register({ compiler: typescriptRequire, transpileOnly: true, cache: false, ...place, compilerOptions });
}

/** The checkout's own SDK, or the one that this library runs with. */
function findSdk(project: NodeRequire): string {
  try {
    return project.resolve("@pulumi/pulumi");
  } catch {
    return __filename;
  }
}

function tsconfigOf(module: string, root: string): string | undefined {
  return nearest("tsconfig.json", dirname(module), root);
}

/** Node reads modules of that type itself, also in TypeScript. */
function isEsModule(module: string, root: string): boolean {
  if (/\.m[jt]s$/.test(module)) return true;
  const manifest = nearest("package.json", dirname(module), root);
  if (manifest === undefined) return false;
  return (JSON.parse(readFileSync(manifest, "utf8")) as { readonly type?: unknown }).type === "module";
}

function nearest(name: string, folder: string, root: string): string | undefined {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  return folder === root || folder === dirname(folder) ? undefined : nearest(name, dirname(folder), root);
}

function problemsOf(error: unknown): readonly string[] {
  const { problems, message } = error as { readonly problems?: readonly string[]; readonly message?: string };
  return problems ?? [message ?? String(error)];
}

function answerTo(order: RendererOrder): RendererAnswer {
  try {
    return render(order);
  } catch (error) {
    return { problems: problemsOf(error) };
  }
}

const order = JSON.parse(readFileSync(0, "utf8")) as RendererOrder;
dieWithParent(order.parent);
const text = JSON.stringify(answerTo(order));
const tooLarge = { problems: [`it renders more than ${order.maxBytes} bytes`] };
writeFileSync(order.answer, text.length > order.maxBytes ? JSON.stringify(tooLarge) : text, { mode: 0o600 });
// Whatever the pipeline has left open.
process.exit();
