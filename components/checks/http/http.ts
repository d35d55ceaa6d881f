import { shown } from "../../manifests/names";
import { passed, pending } from "../contract";
import type { CheckKind, CheckTarget } from "../contract";
import { addressText, ask, checkAddress } from "./address";
import type { Address, HttpAnswer } from "./address";

/** The path that is asked for. */
export const DEFAULT_PATH = "/";
/** The status that is wanted. */
export const DEFAULT_STATUS = 200;
/** How many requests are sent, and how many of them have to be answered as wanted. */
export const DEFAULT_REQUESTS = 1;
/** Most requests of one look. */
export const MAX_REQUESTS = 50;

/** What {@link checks}`.http()` asks, and what answers it wants. */
export type HttpArgs = Address & {
  /** With its query. @default {@link DEFAULT_PATH} */
  readonly path?: string;
  /** @default {@link DEFAULT_STATUS} */
  readonly status?: number;
  /** A text that the answer has to hold. @default anything */
  readonly body?: string;
  /** How many requests are sent at once, each time. @default {@link DEFAULT_REQUESTS} */
  readonly requests?: number;
  /** How many of them have to be answered as wanted. @default all of them */
  readonly atLeast?: number;
};

export type Http = HttpArgs & { readonly check: "http" };

/** Requests to what was delivered are answered as wanted. A redirect is an answer and is not followed. */
export const httpKind: CheckKind<Http> = {
  once: false,

  check(inputs, at) {
    const { path = DEFAULT_PATH, status = DEFAULT_STATUS, requests = DEFAULT_REQUESTS } = inputs;
    const { atLeast = requests, body } = inputs;
    const within = (value: number, least: number, most: number): boolean =>
      Number.isInteger(value) && value >= least && value <= most;
    return [
      ...checkAddress(inputs, at),
      ...(typeof path === "string" && path.startsWith("/")
        ? []
        : [`${at}.path is ${shown(path)}; begin it with "/"`]),
      ...(within(status, 100, 599)
        ? []
        : [`${at}.status is ${shown(status)}; give a status of HTTP, as 200`]),
      ...(within(requests, 1, MAX_REQUESTS)
        ? []
        : [`${at}.requests is ${shown(requests)}; give 1 to ${MAX_REQUESTS}`]),
      ...(within(atLeast, 1, requests)
        ? []
        : [`${at}.atLeast is ${shown(atLeast)}; give 1 to the number of requests`]),
      ...(body === undefined || (typeof body === "string" && body !== "")
        ? []
        : [`${at}.body is empty; leave it out`]),
    ];
  },

  title: (inputs) =>
    `${addressText(inputs, inputs.path ?? DEFAULT_PATH)} answers ${inputs.status ?? DEFAULT_STATUS}`,

  async observe(inputs, target) {
    const { requests = DEFAULT_REQUESTS, path = DEFAULT_PATH } = inputs;
    const { atLeast = requests } = inputs;
    const problems = await Promise.all(Array.from({ length: requests }, () => problemOf(inputs, target)));
    const wrong = problems.filter((problem) => problem !== undefined);
    const good = requests - wrong.length;
    const of = addressText(inputs, path);
    if (good >= atLeast) return passed(`${of}: ${good} of ${requests} answers are as wanted`);
    return pending(`${of}: ${good} of ${requests} answers are as wanted; ${wrong[0]}`);
  },
};

/** Why an answer is not as wanted, without any of its text. */
async function problemOf(inputs: Http, target: CheckTarget): Promise<string | undefined> {
  const { path = DEFAULT_PATH, status = DEFAULT_STATUS, body } = inputs;
  let answer: HttpAnswer;
  try {
    answer = await ask(inputs, path, target);
  } catch (error) {
    return (error as Error).message;
  }
  if (answer.status !== status) return `one was ${answer.status}${proxyReason(answer)}`;
  return body === undefined || answer.text.includes(body) ? undefined : `one does not hold ${shown(body)}`;
}

/** What the API server itself says, where it has nobody to pass the request on to. */
function proxyReason({ text }: HttpAnswer): string {
  try {
    const { kind, message } = JSON.parse(text) as { kind?: string; message?: string };
    return kind === "Status" && typeof message === "string" ? ` (${message})` : "";
  } catch {
    return "";
  }
}
