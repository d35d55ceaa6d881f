import type { EngineEvent } from "@pulumi/pulumi/automation";
import { brokenOff } from "./broken-off";

/** What the clusters of an environment are, for reading the names of resources. */
export interface Layout {
  readonly app: string;
  readonly waves: readonly { readonly name: string; readonly clusters: readonly string[] }[];
}

/** Operations that change nothing. */
const QUIET = ["same", "read", "refresh"];

/** The part of a name that says: the agent of the cluster has come to an end. */
const AGENT_GATE = "live";

/** What the program's own end is told with when a resource that it wants to know of has failed. */
const FOLLOWED = /^Running program .* failed with an unhandled exception:[^]*failed to register/;

/**
 * Follows an update: which cluster is done, which wave has passed, what failed. Pure but for what it remembers; each
 * event gives the lines to show for it.
 */
export class Progress {
  readonly #layout: Layout;
  readonly #changed = new Map<string, number>();
  readonly #seen = new Map<string, number>();
  readonly #errors: string[] = [];
  readonly #passed = new Set<string>();
  readonly #warned = new Set<string>();
  readonly #made = new Set<string>();
  #brokenOff: readonly string[] = [];
  #hasFailed = false;
  #hasChanged = false;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /**
   * Sentences of the engine about what failed, each once. That the program could not go on without a failed resource
   * is only said when nothing else is.
   */
  get errors(): readonly string[] {
    const all = [...new Set(this.#errors)];
    const causes = all.filter((message) => !FOLLOWED.test(message));
    return causes.length > 0 ? causes : all;
  }

  /** Names of the waves whose gate let the next one begin, now or in an earlier update. */
  get passed(): ReadonlySet<string> {
    return this.#passed;
  }

  /** Whether a resource has failed: an update that was refused as a whole came to none. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Whether anything was changed, or was to be: an update that was refused as a whole has left all as it was. */
  get hasBegun(): boolean {
    return this.#hasChanged || this.#hasFailed;
  }

  /**
   * What an earlier update was making when it was broken off, once all of it is there. The engine goes on to warn of it until
   * it is told so.
   */
  get takenOver(): readonly string[] {
    return this.#brokenOff.every((urn) => this.#made.has(urn)) ? this.#brokenOff : [];
  }

  take({ resOutputsEvent, resOpFailedEvent, diagnosticEvent }: EngineEvent): string[] {
    if (diagnosticEvent?.severity === "error") this.#errors.push(plainText(diagnosticEvent.message));
    if (diagnosticEvent?.severity === "warning") return this.#warn(plainText(diagnosticEvent.message));
    if (diagnosticEvent?.severity === "info") return checkLines(plainText(diagnosticEvent.message));
    if (resOpFailedEvent !== undefined) {
      this.#hasFailed = true;
      return [`✗ ${this.#title(nameOf(resOpFailedEvent.metadata.urn))}: failed`];
    }
    if (resOutputsEvent === undefined) return [];
    const { op, urn, new: made } = resOutputsEvent.metadata;
    if (made !== undefined) this.#made.add(urn);
    const end = String((made?.outputs as { readonly result?: unknown } | undefined)?.result);
    return this.#done(nameOf(urn), !QUIET.includes(op), end);
  }

  #warn(message: string): string[] {
    if (message === "" || this.#warned.has(message)) return [];
    this.#warned.add(message);
    const urns = brokenOff(message);
    if (urns !== undefined) return this.#goOn(urns);
    return message.split("\n").map((line, index) => `${index === 0 ? "!" : " "} ${line}`);
  }

  /** The engine's own warning wants a person to mend the state, which nobody has to here. */
  #goOn(urns: readonly string[]): string[] {
    this.#brokenOff = urns;
    const titles = urns.map((urn) => this.#title(nameOf(urn))).join(", ");
    return [
      `! an earlier update was broken off${titles === "" ? "" : ` at ${titles}`}; this one goes on from there`,
    ];
  }

  /** @param end how the resource says that it has ended, if it does */
  #done(name: string, isChange: boolean, end: string): string[] {
    const [app, part = "", ...rest] = name.split("/");
    if (app !== this.#layout.app) return [];
    // The delivery itself is there before it is known to be right.
    if (part !== "") this.#hasChanged ||= isChange;
    if (part === "gate") return this.#pass(rest, isChange);
    if (part === "ledger") return isChange ? [`  ${rest.join("/")}: recorded in the ledger`] : [];
    if (rest.length === 0 || !this.#isCluster(part)) return [];
    if (rest.join("/") === AGENT_GATE) return [agentLine(part, isChange, end)];
    this.#seen.set(part, (this.#seen.get(part) ?? 0) + 1);
    if (isChange) this.#changed.set(part, (this.#changed.get(part) ?? 0) + 1);
    // The record is applied last in its cluster.
    if (!name.endsWith(`/${app}-release`)) return [];
    const changed = this.#changed.get(part) ?? 0;
    return changed === 0
      ? [`= ${part}: nothing to change`]
      : [`✓ ${part}: ${changed} of ${this.#seen.get(part)} objects changed`];
  }

  #pass(rest: readonly string[], isChange: boolean): string[] {
    if (!this.#isWave(rest)) return [];
    this.#passed.add(rest[0]!);
    return isChange ? [`✓ wave ${rest[0]} passed`] : [];
  }

  #title(name: string): string {
    const [app, part = "", ...rest] = name.split("/");
    if (app !== this.#layout.app || rest.length === 0) return name;
    return `${part === "gate" ? "wave" : part} ${rest.join("/")}`;
  }

  #isCluster(name: string): boolean {
    return this.#layout.waves.some(({ clusters }) => clusters.includes(name));
  }

  #isWave([name, ...others]: readonly string[]): boolean {
    return others.length === 0 && this.#layout.waves.some((wave) => wave.name === name);
  }
}

/** How an agent has ended with what was published for its cluster; what is not as wanted is warned of beside it. */
function agentLine(cluster: string, isChange: boolean, end: string): string {
  if (!isChange) return `= ${cluster}: nothing to change`;
  return `${end === "live" ? "✓" : "!"} ${cluster}: ${end}`;
}

/** What a gate says of its checks while it waits; what else plugins print is for the engine's own output. */
function checkLines(message: string): string[] {
  return message.split("\n").flatMap((line) => (line.startsWith('gate "') ? [`  ${line.trimEnd()}`] : []));
}

/** The last part of a URN. Source: Pulumi, "Resource names". */
function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** Without the engine's marks for colours, as `<{%fg 1%}>`. */
function plainText(message: string): string {
  return message.replaceAll(/<\{%[^%]*%\}>/g, "").trim();
}
