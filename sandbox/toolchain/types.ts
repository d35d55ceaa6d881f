/** Which versions of a tool fit. `below` is not included. */
export type Range =
  | { readonly kind: "exact"; readonly version: string }
  | { readonly kind: "range"; readonly from: string; readonly below: string }
  | { readonly kind: "any" };

/** How a binary is asked for its version: with arguments, or as a Pulumi plugin over its own protocol. */
export type Ask = { readonly by: "arguments"; readonly args: readonly string[] } | { readonly by: "plugin" };

export interface ToolSpec {
  /** Also the name of the binary. */
  readonly name: string;
  readonly fits: Range;
  readonly ask: Ask;
  /**
   * What a build without the version in its link flags says of itself.
   * Such a binary is taken from `DELIVERY_TOOLS_PATH`, by its name, but not from `PATH`.
   */
  readonly unstamped?: string;
}

export interface GoTool extends ToolSpec {
  /** The main package, as `go build` takes it. */
  readonly package: string;
  /** Seconds for a build with empty caches on two cores, after the ones above it in the table. */
  readonly coldSeconds: number;
}

/** Files of one Go module, which are copied as they are. */
export interface ModuleFiles {
  readonly module: string;
  /** For a module that the part's go.mod does not require: its version, and its hash as go.sum has it. */
  readonly pinned?: { readonly version: string; readonly sum: string };
  readonly paths: readonly string[];
}

/** Binaries that are built from one pinned Go module. */
export interface GoPart {
  readonly kind: "go";
  readonly name: string;
  readonly version: string;
  /** Folder of go.mod and go.sum below `modules/`, or an absolute path. */
  readonly module: string;
  readonly tags: readonly string[];
  /** Variables that the linker sets, as `package.Variable=value`. */
  readonly variables: readonly string[];
  readonly tools: readonly GoTool[];
  /** Files of modules that the sandbox reads beside the tool, wherever the tool itself was found. */
  readonly files?: readonly ModuleFiles[];
}

export interface NpmTool extends ToolSpec {
  /** Path of the binary inside the archive. */
  readonly path: string;
}

/** Binaries that come ready in a zip archive inside an npm package. */
export interface NpmPart {
  readonly kind: "npm";
  readonly name: string;
  readonly version: string;
  readonly package: string;
  /** Subresource integrity of the tarball, as the registry states it (`npm view NAME@VERSION dist.integrity`). */
  readonly integrity: string;
  readonly archive: string;
  readonly tools: readonly NpmTool[];
  readonly coldSeconds: number;
  /** Tools that unpacking needs. */
  readonly needs: readonly string[];
}

/** A Debian package; its name is that of the part. */
export interface DebianPart {
  readonly kind: "debian";
  readonly name: string;
  readonly tools: readonly ToolSpec[];
  readonly coldSeconds: number;
}

export type Part = GoPart | NpmPart | DebianPart;

/** A user's problem, said in full: print the message, not the stack. */
export class ToolchainError extends Error {
  override readonly name = "ToolchainError";
}
