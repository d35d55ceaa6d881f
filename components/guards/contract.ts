/** Where the first environments' releases come from; a test compares it with `BUILD_STACK`. */
export const BUILD = "build";

/** What a guard says of a promotion; of several verdicts the worst one holds. */
export type Outcome = "pass" | "warn" | "block";

/** One thing that a guard found. */
export interface Verdict {
  /** Name of the guard, as `maxPending`. */
  readonly guard: string;
  readonly outcome: Outcome;
  /** For people: what was found and, unless it passes, what to do. */
  readonly sentence: string;
}

/** One change that a promotion would bring. */
export type Change = CommitChange | SettingsChange;

/** A commit on the upstream's line of first parents that touched the application or its pipeline. */
export interface CommitChange {
  readonly kind: "commit";
  /** 40 hex digits. */
  readonly commit: string;
  readonly subject: string;
  readonly author: string;
  /** When it was committed to that line. */
  readonly time: Date;
  /** Paths that it changed, below the folder of `Pulumi.yaml`, of those that count. */
  readonly files: readonly string[];
}

/** `delivery:config` of the environment's file is another one than its clusters run with. */
export interface SettingsChange {
  readonly kind: "settings";
  readonly subject: string;
  /** When the file was committed last; undefined while it is not. */
  readonly time: Date | undefined;
}

/** A release as guards see it. */
export interface ReleaseFact {
  readonly id: string;
  /** The commit it was made from: 40 hex digits. */
  readonly commit: string;
}

/**
 * How the target's commit lies to the one that runs: the `same`, one of its descendants (`ahead`), one of its
 * ancestors (`behind`), on another line (`diverged`), or `unknown`, when the clone lacks one of them.
 */
export type Relation = "same" | "ahead" | "behind" | "diverged" | "unknown";

/** A release that could be promoted, and what it would bring. */
export interface Candidate extends ReleaseFact {
  /** When it was first verified in the environment that it comes from; undefined when it never was. */
  readonly verifiedUpstream: Date | undefined;
  /** When it was last verified in this environment: then it is a way back, and no guard holds it. */
  readonly verifiedHere: Date | undefined;
  readonly relation: Relation;
  /** What it would bring, the newest first. */
  readonly changes: readonly Change[];
}

/** Somebody asked for automation to stay away. */
export interface Hold {
  readonly reason: string;
  /** Until when; without one it holds until it is lifted. */
  readonly until?: Date;
}

/** All that a guard may judge by. A guard reads no clock, no file and no network. */
export interface GuardContext {
  readonly environment: string;
  /** Where its releases come from: another environment, or `build`. */
  readonly from: string;
  readonly now: Date;
  /** What runs there; undefined before the first deployment. */
  readonly current: ReleaseFact | undefined;
  /** What is to run there. */
  readonly target: Candidate;
  readonly hold: Hold | undefined;
}

/** What a pipeline says of an environment that guards can be checked against. */
export interface GuardedEnvironment {
  readonly from: string;
}

/**
 * A rule for promotions to an environment. The built-in ones are functions that return one; your own is an object
 * of this form.
 *
 * @example
 * const noFixups: Guard = {
 *   name: "noFixups",
 *   check: () => [],
 *   judge: ({ target }) =>
 *     target.changes.some(({ subject }) => subject.startsWith("fixup!"))
 *       ? [{ guard: "noFixups", outcome: "block", sentence: "a fixup! commit is among the changes; squash it" }]
 *       : [],
 * };
 */
export interface Guard {
  /** Unique in an environment. */
  readonly name: string;
  /** Problems of the guard's own arguments, or of its place: sentences that `definePipeline` throws together. */
  check(environment: GuardedEnvironment): readonly string[];
  /** A pure function; nothing to say is a pass. */
  judge(context: GuardContext): readonly Verdict[];
}
