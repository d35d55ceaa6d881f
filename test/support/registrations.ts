import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest, RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb";
import { observe } from "./observe";
import type { ObserveOptions } from "./observe";

/** What the engine is told of one resource, beside the inputs that {@link observe} gives. */
export interface Registration {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** URN of the parent; empty without one. */
  readonly parent: string;
  /** `<urn>::<id>` of the provider; empty when it is the default one. */
  readonly provider: string;
  /** Names of the resources that have to be done before, without those that only an option of the provider needs. */
  readonly dependsOn: readonly string[];
  /** The inputs as they are sent, with {@link SECRET} in the place of every secret. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Outputs that the engine treats as secret whatever the plugin says. */
  readonly secretOutputs: readonly string[];
  /** Whether the object stays in the cluster when it leaves the program. */
  readonly retained: boolean;
  /** Properties whose change is ignored; `*` is all of them. */
  readonly ignoreChanges: readonly string[];
  /** Names, types or URNs that it had before. */
  readonly aliases: readonly string[];
  /** Files of the stack that it was made from, the innermost first. */
  readonly stack: readonly string[];
}

/** Stands where a secret was sent: encrypted in the state and hidden in every display. */
export const SECRET = "[secret]";
/** The key by which the wire tells values of its own from plain ones. Source: Pulumi, `runtime/rpc.ts`. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Runs a program under the fake engine and returns every request to register a resource, in order. */
export async function registrations(
  program: () => unknown,
  options: ObserveOptions = {},
): Promise<Registration[]> {
  const requests: { request: RegisterResourceRequest; urn: string }[] = [];
  await observe(async () => {
    listen((request, urn) => requests.push({ request, urn }));
    await program();
  }, options);
  const names = new Map(requests.map(({ request, urn }) => [urn, request.getName()]));
  return requests.map(({ request, urn }) => toRegistration(request, urn, names));
}

/** The fake engine passes neither dependencies nor secrets on, so its requests are read before it gets them. */
function listen(onRegistered: (request: RegisterResourceRequest, urn: string) => void): void {
  const monitor = pulumi.runtime.getMonitor();
  if (monitor === undefined) throw new Error("the fake engine is not running");
  type Callback = (error: Error | null, response: RegisterResourceResponse) => void;
  const register = monitor.registerResource.bind(monitor) as (
    request: RegisterResourceRequest,
    callback: Callback,
  ) => unknown;
  const listening = (request: RegisterResourceRequest, callback: Callback): unknown =>
    register(request, (error, response) => {
      if (error === null) onRegistered(request, response.getUrn());
      callback(error, response);
    });
  Object.assign(monitor, { registerResource: listening });
}

function toRegistration(
  request: RegisterResourceRequest,
  urn: string,
  names: ReadonlyMap<string, string>,
): Registration {
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    provider: request.getProvider(),
    dependsOn: request
      .getDependenciesList()
      .map((dependency) => names.get(dependency) ?? dependency)
      .sort(),
    inputs: hidden(request.getObject()?.toJavaScript() ?? {}) as Registration["inputs"],
    secretOutputs: request.getAdditionalsecretoutputsList(),
    retained: request.getRetainondelete() ?? false,
    ignoreChanges: request.getIgnorechangesList(),
    aliases: aliasesOf(request),
    stack: stackOf(request),
  };
}

function aliasesOf(request: RegisterResourceRequest): string[] {
  const specs = request.getAliasesList().map((alias) => {
    const spec = alias.getSpec();
    return alias.getUrn() || spec?.getName() || spec?.getType() || "";
  });
  return [...specs, ...request.getAliasurnsList()];
}

function stackOf(request: RegisterResourceRequest): string[] {
  const frames = request.getStacktrace()?.getFramesList() ?? [];
  return frames.map((frame) => frame.getPc()?.getUri() ?? "");
}

function hidden(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hidden);
  if (typeof value !== "object" || value === null) return value;
  if ((value as Record<string, unknown>)[SIGNATURE] === SECRET_SIGNATURE) return SECRET;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, hidden(field)]));
}
