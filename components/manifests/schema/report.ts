/** How many problems of one object are named. */
const MAX_PROBLEMS = 20;

/** Collects the problems of one object; each sentence begins with the object's title and the field. */
export class Report {
  readonly problems: string[] = [];
  readonly #title: string;

  constructor(title: string) {
    this.#title = title;
  }

  get isFull(): boolean {
    return this.problems.length >= MAX_PROBLEMS;
  }

  add(at: string, sentence: string): void {
    if (!this.isFull) this.problems.push(`${this.#title}: ${at} ${sentence}`);
  }
}

/** Which kind of value it is, in words and without the value, which may be a secret. */
export function kindOfValue(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value === null || value === undefined) return "nothing";
  const words: Record<string, string> = {
    string: "text",
    number: "a number",
    boolean: "a truth value",
    object: "an object",
  };
  return words[typeof value] ?? `a ${typeof value}`;
}

/** What a misspelt field may have meant, as the end of a sentence. */
export function suggestion(field: string, known: Iterable<string>): string {
  const near = [...known].find((one) => isNear(field.toLowerCase(), one.toLowerCase()));
  return near === undefined ? "remove it" : `did you mean "${near}"?`;
}

/** Whether one is the other, but for one letter that is missing, too many or another one, or two that changed places. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  const swapped =
    restA.slice(0, 2) === [...restB.slice(0, 2)].reverse().join("") && restA.slice(2) === restB.slice(2);
  return swapped || restA.slice(1) === restB || restA === restB.slice(1) || restA.slice(1) === restB.slice(1);
}

export function joined(at: string, field: string): string {
  return at === "" ? field : `${at}.${field}`;
}
