import { shown } from "../manifests";

/** A length of time between environments: minutes, hours or days, as `"30m"`, `"24h"`, `"2d"`. */
export type Age = `${number}${"m" | "h" | "d"}`;

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const FORM = /^(\d+(?:\.\d+)?)([mhd])$/;

/** Milliseconds of an age; NaN when it is none. */
export function ageMs(age: Age): number {
  const [, number, unit] = FORM.exec(age) ?? [];
  return unit === undefined ? Number.NaN : Number(number) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

/** Problems of an age that stands at `field`. */
export function checkAge(field: string, age: unknown): string[] {
  if (typeof age === "string" && ageMs(age as Age) > 0) return [];
  return [`${field} is ${shown(age)}; give a number above 0 with m, h or d, as "24h"`];
}

/** An age for people, in its two largest units: `3 d 4 h`, `12 min`; below a minute `now`. */
export function ageText(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / UNIT_MS.m));
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return minutes % 60 > 0 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return minutes > 0 ? `${minutes} min` : "now";
}
