import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import stubs from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { signalGroup } from "../processes/index.ts";

/** Plugins take the engine's address and do not call it unless they have something to log. */
const NO_ENGINE = "127.0.0.1:1";

/**
 * Asks a Pulumi provider plugin for its version over the plugin protocol: it has no common flag for that.
 * See `GetPluginInfo` in pulumi/proto/pulumi/provider.proto.
 */
export async function askPlugin(path: string, timeoutMs: number): Promise<string | undefined> {
  const child = spawn(path, [NO_ENGINE], { detached: true, stdio: ["ignore", "pipe", "ignore"] });
  const late = new Promise<undefined>((resolve) => {
    setTimeout(() => resolve(undefined), timeoutMs).unref();
    child.once("error", () => resolve(undefined));
    child.once("exit", () => resolve(undefined));
  });
  try {
    return await Promise.race([late, askChild(child)]);
  } finally {
    if (child.pid !== undefined) signalGroup(child.pid, "SIGKILL");
  }
}

async function askChild(child: ChildProcess): Promise<string | undefined> {
  if (child.stdout === null) return undefined;
  for await (const line of createInterface({ input: child.stdout })) return askPort(Number(line));
  return undefined;
}

async function askPort(port: number): Promise<string | undefined> {
  const client = new stubs.ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  return new Promise((resolve) => {
    client.getPluginInfo(new empty.Empty(), (error, info) => {
      client.close();
      resolve(error === null ? info.getVersion() : undefined);
    });
  });
}
