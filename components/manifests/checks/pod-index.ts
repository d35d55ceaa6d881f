import { fieldsOf } from "../fields";
import type { Fields } from "../fields";
import { isLate } from "../late";
import type { PodTemplate } from "../pods";

/** An object that makes pods, and its namespace. */
export interface PodOwner extends PodTemplate {
  readonly namespace: string | undefined;
}

/** Finds who may make the pods that a selector selects, without looking at everybody: lists are long. */
export class PodIndex {
  readonly #all: readonly PodOwner[];
  readonly #byLabel = new Map<string, PodOwner[]>();
  /** With a label known only later, which may be any. */
  readonly #open: readonly PodOwner[];

  constructor(owners: readonly PodOwner[]) {
    this.#all = owners;
    this.#open = owners.filter(({ labels }) => Object.values(labels).some(isLate));
    for (const owner of owners) this.#add(owner);
  }

  #add(owner: PodOwner): void {
    for (const label of pairsOf(owner.labels)) {
      const others = this.#byLabel.get(label);
      if (others === undefined) this.#byLabel.set(label, [owner]);
      else others.push(owner);
    }
  }

  /** The owners that have the rarest of the labels: no other one can have all. */
  candidates(matchLabels: unknown): readonly PodOwner[] {
    const found = pairsOf(fieldsOf(matchLabels)).map((label) => this.#byLabel.get(label) ?? []);
    const [first, ...others] = found;
    if (first === undefined) return this.#all;
    const fewest = others.reduce((least, next) => (next.length < least.length ? next : least), first);
    return [...new Set([...fewest, ...this.#open])];
  }
}

function pairsOf(labels: Fields): string[] {
  return Object.entries(labels)
    .filter(([, value]) => !isLate(value))
    .map(([key, value]) => `${key}=${String(value)}`);
}
