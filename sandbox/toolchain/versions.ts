import type { Range } from "./types.ts";

type Numbers = readonly [number, number, number];

/** The first version in what a tool printed, as `major.minor.patch`; undefined when there is none. */
export function readVersion(said: string): string | undefined {
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(said);
  return found ? [found[1], found[2], found[3] ?? "0"].map(Number).join(".") : undefined;
}

/** Whether a version fits. One that is not known fits only where any does. */
export function fits(version: string | undefined, range: Range): boolean {
  if (range.kind === "any") return true;
  if (version === undefined) return false;
  if (range.kind === "exact") return compareVersions(version, range.version) === 0;
  return compareVersions(version, range.from) >= 0 && compareVersions(version, range.below) < 0;
}

/** The range as a person says it. */
export function sayRange(range: Range): string {
  switch (range.kind) {
    case "exact":
      return `exactly ${range.version}`;
    case "range":
      return `${range.from} or newer, below ${range.below}`;
    case "any":
      return "any version";
    default:
      return range satisfies never;
  }
}

/** Below 0 when `a` is older than `b`, above when it is newer. Only major, minor and patch count. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}

function numbers(version: string): Numbers {
  const [major = 0, minor = 0, patch = 0] = (readVersion(version) ?? "0.0.0").split(".").map(Number);
  return [major, minor, patch];
}
