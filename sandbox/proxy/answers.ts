import type { Answer } from "./types.ts";

interface Rule {
  readonly answer: Answer;
  readonly pattern: RegExp | undefined;
  /** Fitting requests seen. */
  seen: number;
  given: number;
}

/** The answers that are given in the target's place. */
export class Answers {
  readonly #random: () => number;
  #rules: Rule[] = [];

  /** @param random from 0 to below 1 */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  add(answer: Answer): void {
    const pattern = answer.pathPattern === undefined ? undefined : new RegExp(answer.pathPattern);
    this.#rules.push({ answer, pattern, seen: 0, given: 0 });
  }

  clear(): void {
    this.#rules = [];
  }

  /** The answer for this request, which counts as given; undefined when it goes to the target. */
  take(method: string, path: string): Answer | undefined {
    const rule = this.#rules.find((candidate) => fits(candidate, method, path) && this.#isDrawn(candidate));
    if (rule !== undefined) rule.given++;
    return rule?.answer;
  }

  #isDrawn(rule: Rule): boolean {
    const { after = 0, count = Infinity, share = 1 } = rule.answer;
    rule.seen++;
    return rule.seen > after && rule.given < count && this.#random() < share;
  }
}

function fits({ answer, pattern }: Rule, method: string, path: string): boolean {
  return (answer.method ?? method) === method && (pattern?.test(path) ?? true);
}
