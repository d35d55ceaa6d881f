import type { Answer, Fault, Route } from "./types.ts";

const NAME = /^[a-z0-9][a-z0-9.-]{0,80}$/;

const isPort = (port: number): boolean => Number.isInteger(port) && port > 0 && port < 65_536;
const isCount = (value: number | undefined): boolean =>
  value === undefined || (Number.isInteger(value) && value >= 0);

/** What is wrong with a route; empty when nothing is. */
export function checkRoute({ name, listenPort, targetPort }: Route): string[] {
  const problems: string[] = [];
  if (!NAME.test(name)) problems.push(`name ${JSON.stringify(name)}: use a-z, 0-9, "-" and "."`);
  if (!isPort(listenPort)) problems.push(`listenPort ${listenPort} is no port`);
  if (!isPort(targetPort)) problems.push(`targetPort ${targetPort} is no port`);
  if (listenPort === targetPort) problems.push(`listenPort and targetPort are both ${listenPort}`);
  return problems;
}

/** What is wrong with a fault; empty when nothing is. */
export function checkFault(fault: Fault): string[] {
  if (fault.kind === "cut") return isCount(fault.bytes) ? [] : [`bytes ${fault.bytes}: use 0 or more`];
  if (fault.kind !== "slow") return [];
  const { latencyMs = 0, bytesPerSecond = 1 } = fault;
  const problems: string[] = [];
  if (!(latencyMs >= 0)) problems.push(`latencyMs ${latencyMs}: use 0 or more`);
  if (!(bytesPerSecond > 0)) problems.push(`bytesPerSecond ${bytesPerSecond}: use more than 0`);
  return problems;
}

/** What is wrong with an answer; empty when nothing is. */
export function checkAnswer({ status, share = 1, pathPattern, after, count }: Answer): string[] {
  const problems: string[] = [];
  if (!Number.isInteger(status) || status < 200 || status > 599)
    problems.push(`status ${status}: use 200 to 599`);
  if (!(share >= 0 && share <= 1)) problems.push(`share ${share}: use 0 to 1`);
  if (!isCount(after)) problems.push(`after ${after}: use 0 or more`);
  if (!isCount(count)) problems.push(`count ${count}: use 0 or more`);
  if (pathPattern !== undefined && !isPattern(pathPattern)) {
    problems.push(`pathPattern ${JSON.stringify(pathPattern)} is no regular expression`);
  }
  return problems;
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}
