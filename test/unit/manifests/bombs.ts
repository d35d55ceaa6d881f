/** A few references that stand for billions of values. */
function laughs(): string {
  const lines = ["a: &a0 [x, x, x, x, x, x, x, x, x]"];
  for (let i = 1; i < 20; i += 1) lines.push(`b${i}: &a${i} [${`*a${i - 1},`.repeat(9)}]`);
  return lines.join("\n");
}

function mergeFlood(): string {
  const lines = ["x0: &x0 {k: v}"];
  for (let i = 1; i < 200; i += 1) lines.push(`x${i}: &x${i} {<<: [${`*x${i - 1},`.repeat(10)}], k${i}: v}`);
  return lines.join("\n");
}

function wideMerges(): string {
  const wide = Array.from({ length: 100 }, (_, i) => `k${i}: v`).join();
  return `w: &w {${wide}}\n${Array.from({ length: 200 }, (_, i) => `m${i}: {<<: *w}`).join("\n")}`;
}

const indented = (levels: number): string =>
  Array.from({ length: levels }, (_, i) => `${" ".repeat(i)}a:`).join("\n");

/** YAML that takes a reader's time or memory, or both: what it is, and its text. */
export const BOMBS: readonly (readonly [what: string, text: string])[] = [
  ["a billion laughs", laughs()],
  ["a flood of merge keys", mergeFlood()],
  ["a wide merge many times", wideMerges()],
  ["3,000 brackets", `a: ${"[".repeat(3000)}${"]".repeat(3000)}`],
  ["10,000 dashes", `${"- ".repeat(10_000)}a`],
  ["3,000 open braces", "{a: ".repeat(3000)],
  ["1,500 levels of indentation", indented(1500)],
  ["an anchor that holds itself", "a: &a [*a, *a, *a]"],
  ["5,000 keys given twice", "a: 1\n".repeat(5000)],
  ["a quoted text of 2 MB", `a: "${"a".repeat(2_000_000)}"`],
  ["33 MB", "a".repeat(33 * 1024 * 1024)],
];
