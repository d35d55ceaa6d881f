import type { Duration } from "../checks/duration";
import { shown } from "../manifests";

export type { Duration };

const SECONDS = { s: 1, m: 60, h: 3600 } as const;
const FORM = /^(\d{1,6})([smh])$/;

/** Problems of a span of time: without a unit nobody knows what it means. */
export function checkDuration(field: string, value: unknown, least: Duration = "1s"): string[] {
  const isForm = typeof value === "string" && FORM.test(value);
  if (!isForm)
    return [`${field} is ${shown(value)}; give a whole number with its unit, as "30s", "5m" or "2h"`];
  if (secondsOf(value as Duration) >= secondsOf(least)) return [];
  return [`${field} is ${shown(value)}, which is below ${shown(least)}; give ${shown(least)} or more`];
}

/** The seconds in a span that {@link checkDuration} finds no problem in. */
export function secondsOf(duration: Duration): number {
  const [, count = "0", unit = "s"] = FORM.exec(duration) ?? [];
  return Number(count) * SECONDS[unit as keyof typeof SECONDS];
}
