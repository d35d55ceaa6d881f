import { parseArgs } from "node:util";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { engineAddressOf, onEnd, servePlugin } from "../plugin-server/index.ts";
import { engineLog } from "./engine.ts";
import { dockerProvider } from "./provider.ts";

const args = process.argv.slice(2);
const { values } = parseArgs({ args, options: { docker: { type: "string" } }, strict: false });
const provider = dockerProvider({
  docker: typeof values.docker === "string" ? values.docker : "docker",
  log: engineLog(engineAddressOf(args)),
});
onEnd(() => {
  provider.cancel();
  process.exit();
});
await servePlugin(providerGrpc.ResourceProviderService, provider.methods);
