import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { CheckRequest, ConfigureRequest, CreateRequest } from "@pulumi/pulumi/proto/provider_pb.js";
import type { CheckResponse, CreateResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";

const URN = "urn:pulumi:test::test::docker-build:index:Image::image";
const TIMEOUT_SECONDS = 60;

type Inputs = Readonly<Record<string, JavaScriptValue>>;
type Answered<T> = (error: ServiceError | null, answer: T) => void;

/**
 * What the engine does with a `docker-build` Image: check, then create, through the real plugin.
 *
 * @returns the digest
 */
export async function buildImage(plugin: string, buildxConfig: string, inputs: Inputs): Promise<string> {
  const env = { PATH: process.env["PATH"], HOME: buildxConfig, BUILDX_CONFIG: buildxConfig };
  const child = spawn(plugin, ["127.0.0.1:1"], { stdio: ["ignore", "pipe", "ignore"], env });
  try {
    const [port] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    return await create(
      new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure()),
      inputs,
    );
  } finally {
    child.kill("SIGKILL");
  }
}

async function create(client: ResourceProviderClient, inputs: Inputs): Promise<string> {
  await answered((done) => client.configure(new ConfigureRequest().setArgs(new Struct()), done));
  const given = Struct.fromJavaScript({ push: true, buildOnPreview: false, ...inputs });
  const check = new CheckRequest().setUrn(URN).setNews(given).setOlds(new Struct());
  const checked = await answered<CheckResponse>((done) => client.check(check, done));
  const request = new CreateRequest()
    .setUrn(URN)
    .setProperties(checked.getInputs())
    .setTimeout(TIMEOUT_SECONDS);
  const created = await answered<CreateResponse>((done) => client.create(request, done));
  client.close();
  return String(created.getProperties()?.toJavaScript()["digest"]);
}

function answered<T>(send: (done: Answered<T>) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    send((error, answer) => (error === null ? resolve(answer) : reject(error)));
  });
}
