import type { LiveObject } from "../../clusters/api";
import { failed, pending } from "../contract";
import type { Verdict } from "../contract";

/**
 * Reasons of a waiting container that do not pass by themselves: it crashes, or cannot be made from what was asked for.
 * Source: Kubernetes, kubelet `images/types.go` and `kuberuntime`, and "Debug Pods".
 */
export const TERMINAL_REASONS: ReadonlySet<string> = new Set([
  "CrashLoopBackOff",
  "ImagePullBackOff",
  "ErrImagePull",
  "ErrImageNeverPull",
  "InvalidImageName",
  "ImageInspectError",
  "SignatureValidationFailed",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
  "StartError",
]);

/** The most that is shown of a message that comes from a container or a server, in characters. */
export const MAX_MESSAGE = 500;

interface ContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: { readonly exitCode?: number; readonly reason?: string; readonly message?: string };
}

interface PodStatus {
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly message?: string;
  }[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
}

/** Why a pod is not ready, if it says. @param restarts how many of a container are borne */
export function podProblem(pod: LiveObject, restarts: number): Verdict | undefined {
  if (pod.metadata.deletionTimestamp !== undefined) return undefined;
  const status = (pod["status"] ?? {}) as PodStatus;
  const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const problems = containers.flatMap((container) =>
    containerProblem(pod.metadata.name, container, restarts),
  );
  const first = problems.find(({ state }) => state === "failed") ?? problems[0];
  return first ?? unscheduled(pod.metadata.name, status);
}

function containerProblem(pod: string, container: ContainerStatus, restarts: number): Verdict[] {
  const { reason, message } = container.state?.waiting ?? {};
  if (reason === undefined || !TERMINAL_REASONS.has(reason)) return [];
  const of = `container ${container.name} of pod ${pod}`;
  if (reason !== "CrashLoopBackOff") return [failed(`${of}: ${reason}${said(message)}`)];
  const crash = `${of}: ${reason}, ${crashText(container)}`;
  return [(container.restartCount ?? 0) < restarts ? pending(crash) : failed(crash)];
}

/** With the last message of the container itself, which says more than the kubelet's. */
function crashText({ restartCount = 0, lastState }: ContainerStatus): string {
  const { exitCode, reason, message } = lastState?.terminated ?? {};
  const ended =
    exitCode === undefined
      ? ""
      : `, ended with exit code ${exitCode}${reason === undefined ? "" : ` (${reason})`}`;
  return `${restartCount} restarts${ended}${said(message)}`;
}

function unscheduled(
  pod: string,
  { phase, reason, message, conditions = [] }: PodStatus,
): Verdict | undefined {
  const scheduled = conditions.find(({ type, status }) => type === "PodScheduled" && status === "False");
  if (scheduled !== undefined) return pending(`pod ${pod} has no node${said(scheduled.message)}`);
  return phase === "Failed" ? pending(`pod ${pod}: ${reason ?? phase}${said(message)}`) : undefined;
}

/** A message in one line, cut where it is long. */
export function said(message: string | undefined): string {
  // Whatever moves the cursor or hides text in a terminal.
  const line = (message ?? "").replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
  if (line === "") return "";
  return `: ${line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE)} …` : line}`;
}
