import { engineAddressOf, onEnd, servePlugin } from "../plugin-server/index.ts";
import languageGrpc from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { languageHost } from "./service.ts";

const host = languageHost(engineAddressOf(process.argv.slice(2)));
onEnd(() => void host.stop().finally(() => process.exit()));
await servePlugin(languageGrpc.LanguageRuntimeService, host.methods);
