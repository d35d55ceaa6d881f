/** The weekdays, as a freeze names them. */
export const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/** A weekday, or the first and the last of a range of dates. */
type Day =
  | { readonly weekday: string; readonly first?: never }
  | { readonly first: string; readonly last: string; readonly weekday?: never };

/** Minutes of the day: from the first up to the second, over midnight when that is smaller. */
interface Hours {
  readonly start: number;
  readonly end: number;
}

/** Times that recur, as the clocks of a place show them. */
export interface Calendar {
  /** Undefined for every day. */
  readonly days: readonly Day[] | undefined;
  readonly hours: Hours | undefined;
  readonly timeZone: string;
  readonly except: readonly Day[];
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const HOURS = /^(\d{2}):(\d{2})-(\d{2}):(\d{2})$/;
const DAY_MINUTES = 1440;

/** The days of a list, and its entries that are none. */
export function parseDays(list: readonly string[]): {
  readonly days: readonly Day[];
  readonly unknown: readonly string[];
} {
  const parsed = list.map((text) => ({ text, day: parseDay(text) }));
  return {
    days: parsed.flatMap(({ day }) => (day === undefined ? [] : [day])),
    unknown: parsed.filter(({ day }) => day === undefined).map(({ text }) => text),
  };
}

function parseDay(text: unknown): Day | undefined {
  if (typeof text !== "string") return undefined;
  if ((WEEKDAYS as readonly string[]).includes(text)) return { weekday: text };
  const [first = "", last = first, ...more] = text.split("..");
  const isRange = more.length === 0 && isDate(first) && isDate(last) && first <= last;
  return isRange ? { first, last } : undefined;
}

/** Whether it is the date of a day that there is, as `2026-02-28`. */
export function isDate(text: string): boolean {
  const date = DATE.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return date !== undefined && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Undefined when the text is no span of hours. */
export function parseHours(text: string): Hours | undefined {
  const [, ...parts] = HOURS.exec(text) ?? [];
  if (parts.length !== 4) return undefined;
  const [hour = 0, minute = 0, endHour = 0, endMinute = 0] = parts.map(Number);
  const [start, end] = [hour * 60 + minute, endHour * 60 + endMinute];
  const isWhole = minute < 60 && endMinute < 60 && start < DAY_MINUTES && end <= DAY_MINUTES;
  return isWhole && start !== end ? { start, end } : undefined;
}

/** What the clocks of a place show: its date, and the time as `14:05`. */
export function localTime(at: Date, timeZone: string): { readonly date: string; readonly time: string } {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  const [date = "", time = ""] = format.format(at).split(" ");
  return { date, time };
}

/** Whether the calendar has this moment. */
export function isIn({ days, hours, timeZone, except }: Calendar, at: Date): boolean {
  if (hours === undefined) return false;
  const { date, time } = localTime(at, timeZone);
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const started = startedOn(date, hour * 60 + minute, hours);
  if (started === undefined) return false;
  return (days === undefined || hasDay(days, started)) && !hasDay(except, started);
}

/** The date on which the span began that this time is in. */
function startedOn(date: string, minute: number, { start, end }: Hours): string | undefined {
  if (start < end) return minute >= start && minute < end ? date : undefined;
  if (minute >= start) return date;
  return minute < end ? dayBefore(date) : undefined;
}

function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - DAY_MINUTES * 60_000).toISOString().slice(0, 10);
}

function hasDay(days: readonly Day[], date: string): boolean {
  const weekday = WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()];
  return days.some((day) =>
    day.weekday === undefined ? day.first <= date && date <= day.last : day.weekday === weekday,
  );
}
