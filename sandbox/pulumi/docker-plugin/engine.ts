import { credentials } from "@grpc/grpc-js";
import engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import enginePb from "@pulumi/pulumi/proto/engine_pb.js";

export type Severity = "INFO" | "WARNING";

/** What the engine shows to the user. */
export interface EngineLog {
  /** A message that stays, at a resource or (with an empty URN) at the stack. */
  say(severity: Severity, message: string, urn: string): Promise<void>;
  /** A message that is shown while the resource is worked on. */
  status(message: string, urn: string): void;
}

/** The log of the engine at that address; without an address nothing is said. */
export function engineLog(address: string): EngineLog {
  if (address === "") return { say: async () => {}, status: () => {} };
  const client = new engineGrpc.EngineClient(address, credentials.createInsecure());
  const log = (request: InstanceType<typeof enginePb.LogRequest>): Promise<void> =>
    new Promise((resolve) => void client.log(request, () => resolve()));
  const message = (severity: Severity, text: string, urn: string): InstanceType<typeof enginePb.LogRequest> =>
    new enginePb.LogRequest().setSeverity(enginePb.LogSeverity[severity]).setMessage(text).setUrn(urn);
  // One after the other: calls that overlap may arrive in another order.
  let last = Promise.resolve();
  const inOrder = (request: InstanceType<typeof enginePb.LogRequest>): Promise<void> =>
    (last = last.then(() => log(request)));
  return {
    say: (severity, text, urn) => inOrder(message(severity, text, urn)),
    status: (text, urn) => void inOrder(message("INFO", text, urn).setEphemeral(true)),
  };
}
