import { shown } from "../manifests";
import type { Guard } from "./contract";
import { isIn, localTime, parseDays, parseHours } from "./calendar";
import type { Calendar } from "./calendar";

/** Where the days and hours of a freeze are meant when nothing is said. */
export const DEFAULT_TIME_ZONE = "UTC";

/** When {@link freeze} blocks: on these days, in these hours. At least one of the two. */
export interface FreezeArgs {
  /**
   * Weekdays, dates, or ranges of dates: `"fri"`, `"2026-12-24"`, `"2026-12-24..2027-01-02"`.
   * @default every day
   */
  readonly days?: readonly string[];
  /**
   * From the first time up to, not with, the second, as `"16:00-24:00"`. One that crosses midnight, as
   * `"22:00-06:00"`, belongs to the day on which it begins.
   * @default the whole day
   */
  readonly hours?: string;
  /**
   * Name of the IANA time zone database, as `"Europe/Berlin"`.
   * @default {@link DEFAULT_TIME_ZONE}
   */
  readonly timeZone?: string;
  /**
   * Days that are not frozen, in the form of `days`.
   * @default none
   */
  readonly except?: readonly string[];
}

/** How far ahead the end of a freeze is looked for, in days. */
const MAX_DAYS_AHEAD = 60;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * Blocks promotions at certain times. Rollbacks pass, as they do with every guard.
 *
 * @example freeze({ days: ["fri"], hours: "14:00-24:00", timeZone: "Europe/Berlin", except: ["2026-05-01"] })
 */
export function freeze(args: FreezeArgs): Guard {
  const guard = "freeze";
  return {
    name: guard,
    check: () => checkFreeze(guard, args),
    judge: ({ now }) => {
      const calendar = resolveFreeze(args);
      if (!isIn(calendar, now)) return [{ guard, outcome: "pass", sentence: "no freeze now" }];
      const { date, time } = localTime(now, calendar.timeZone);
      const at = `it is ${date} ${time} in ${calendar.timeZone}`;
      return [{ guard, outcome: "block", sentence: `frozen: ${at}; ${untilText(calendar, now)}` }];
    },
  };
}

function resolveFreeze({ days, hours, timeZone, except }: FreezeArgs): Calendar {
  return {
    days: days === undefined ? undefined : parseDays(days).days,
    hours: parseHours(hours ?? "00:00-24:00"),
    timeZone: timeZone ?? DEFAULT_TIME_ZONE,
    except: parseDays(except ?? []).days,
  };
}

function checkFreeze(name: string, { days, hours, timeZone, except }: FreezeArgs): string[] {
  const form = 'give weekdays, dates or ranges: "fri", "2026-12-24", "2026-12-24..2027-01-02"';
  const wrong = (field: string, list: readonly string[] = []): string[] =>
    parseDays(list).unknown.map((day) => `${name}.${field} has ${shown(day)}; ${form}`);
  return [
    ...(days === undefined && hours === undefined
      ? [`${name} would hold at any time; give "days" or "hours"`]
      : []),
    ...(days?.length === 0 ? [`${name}.days is empty; leave it out for every day`] : []),
    ...wrong("days", days),
    ...wrong("except", except),
    ...(hours === undefined || parseHours(hours) !== undefined
      ? []
      : [`${name}.hours is ${shown(hours)}; give two times that differ, as "16:00-24:00"`]),
    ...(timeZone === undefined || isTimeZone(timeZone)
      ? []
      : [`${name}.timeZone is ${shown(timeZone)}; give a name as "Europe/Berlin"`]),
  ];
}

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** By hours to the first one that is free, then by minutes from the hour before it. */
function untilText(calendar: Calendar, now: Date): string {
  const after = (from: number, step: number, end: number): number | undefined => {
    for (let time = from; time <= end; time += step) if (!isIn(calendar, new Date(time))) return time;
    return undefined;
  };
  const start = Math.ceil(now.getTime() / MINUTE_MS) * MINUTE_MS;
  const hour = after(start, HOUR_MS, start + MAX_DAYS_AHEAD * 24 * HOUR_MS);
  if (hour === undefined) return `wait more than ${MAX_DAYS_AHEAD} days, or override it with a reason`;
  const free = after(Math.max(start, hour - HOUR_MS), MINUTE_MS, hour) ?? hour;
  const { date, time } = localTime(new Date(free), calendar.timeZone);
  return `wait until ${date} ${time}, or override it with a reason`;
}
