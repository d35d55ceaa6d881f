/** A benchmark: one file in `rows/`, whose default export is a row. */
export interface Row {
  /** As trust.md numbers it, `B1`; also how `--row` selects it. */
  readonly id: string;
  readonly title: string;
  /**
   * Makes its world, checks that ours and the peers' results mean the same, measures, and removes its world.
   *
   * @throws when outputs differ: then no figure of it counts.
   */
  run(bench: Bench): Promise<readonly Finding[]>;
}

/** What a row is given. */
export interface Bench {
  /** Smaller sizes and fewer rounds: to see that it runs, not for figures. */
  readonly quick: boolean;
  /** An empty folder of the row, removed afterwards. */
  readonly dir: string;
  /** Runs contestants in turn; see `runner/rounds.ts`. */
  compare(contestants: readonly Contestant[], options?: CompareOptions): Promise<Comparison>;
  /** A line for whoever waits. */
  say(text: string): void;
}

export interface CompareOptions {
  /** Rounds that count. @default 10, or 2 when quick */
  readonly runs?: number;
  /** Whether a first turn that does not count fills the caches. @default true */
  readonly warm?: boolean;
}

/** One of those that are compared: ours, a peer, or the floor. */
export interface Contestant {
  readonly name: string;
  run(): Promise<Sample>;
}

/** One run of a contestant. */
export interface Sample {
  readonly ms: number;
  /** Most memory of its processes together, in MiB. @default not measured */
  readonly peakMiB?: number;
}

/** A contestant's rounds in figures. */
export interface Summary {
  /** Milliseconds. */
  readonly median: number;
  readonly p90: number;
  readonly runs: number;
  readonly peakMiB: number | undefined;
}

/** How far the machine was its own during a comparison. */
export interface Control {
  /** How much slower than at its best the control loop was in the rounds that count: 0.1 is a tenth. */
  readonly moved: number;
  /** Whether it stayed within its limit: else the figures are those of a loaded machine. */
  readonly quiet: boolean;
}

export interface Comparison {
  readonly control: Control;
  /** @throws when no contestant has that name */
  of(name: string): Summary;
}

/** What has to hold, of which of the figures. Targets are ratios or counts, never seconds. */
export interface Target {
  /** `slower`: ours by the peer's. `faster`: the peer's by ours. `more`: ours less the peer's. `ours`: alone. */
  readonly of: "slower" | "faster" | "more" | "ours";
  readonly is: "at most" | "at least" | "exactly";
  readonly value: number;
  /** Of {@link value} where it is no ratio, as `MiB`. */
  readonly unit?: string;
}

/** One line of the result. */
export interface Finding {
  readonly metric: string;
  /** Of ours and the peer's, as `ms`. */
  readonly unit: string;
  readonly ours: number;
  readonly peer: number;
  readonly peerName: string;
  /** Undefined for a figure that is told, and has nothing to meet. */
  readonly target?: Target;
  /** Of tools that are no npm packages of the checkout, by name. @default none */
  readonly versions?: Readonly<Record<string, string>>;
  /** Of both; absent where nothing was timed. */
  readonly timed?: {
    readonly ours: Summary;
    readonly peer: Summary;
    readonly control: Control;
  };
}
