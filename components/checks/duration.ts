import { shown } from "../manifests/names";

/** A length of time inside a delivery: seconds, minutes or hours, as `"30s"`, `"10m"`. */
export type Duration = `${number}${"s" | "m" | "h"}`;

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000 } as const;
const FORM = /^(\d+(?:\.\d+)?)([smh])$/;

/** Milliseconds of a duration; NaN when it is none. */
export function durationMs(duration: Duration): number {
  const [, number, unit] = FORM.exec(duration) ?? [];
  return unit === undefined ? Number.NaN : Number(number) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

/** Problems of a duration that stands at `field`, from `least` to `most`. */
export function checkDuration(field: string, duration: unknown, least: Duration, most: Duration): string[] {
  const ms = typeof duration === "string" ? durationMs(duration as Duration) : Number.NaN;
  if (ms >= durationMs(least) && ms <= durationMs(most)) return [];
  return [`${field} is ${shown(duration)}; give a number with s, m or h, from "${least}" to "${most}"`];
}

/** A length of time for people, as `4 s` or `2 min 30 s`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  return rest === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${rest} s`;
}
