import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import type {
  CheckRequest,
  ConfigureRequest,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  InvokeRequest,
  ReadRequest,
  UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import { unary } from "../plugin-server/index.ts";
import { imageBuilder } from "./builder.ts";
import type { BuilderParts, ImageBuilder } from "./builder.ts";
import { checkConfig } from "./config.ts";
import { checkInputs, completeInputs } from "./inputs.ts";
import { checkResponse, diffResponse } from "./messages.ts";
import { propertyStruct, readProperties } from "./properties.ts";
import { assertImage, refusal } from "./scope.ts";
import { STAND_IN_VERSION } from "./version.ts";

export interface DockerProvider {
  readonly methods: UntypedServiceImplementation;
  /** Ends the builds and pushes that are going on. */
  cancel(): void;
}

/** The plugin's service for the engine. */
export function dockerProvider(parts: BuilderParts): DockerProvider {
  const builder = imageBuilder(parts);
  const methods = {
    ...configurationMethods(builder),
    ...judgingMethods,
    ...changingMethods(builder),
    cancel: unary(() => {
      builder.cancel();
      return new emptyPb.Empty();
    }),
  };
  return { methods, cancel: builder.cancel };
}

const configurationMethods = (builder: ImageBuilder): UntypedServiceImplementation => ({
  getPluginInfo: unary(() => new pluginPb.PluginInfo().setVersion(STAND_IN_VERSION)),
  checkConfig: unary((request: CheckRequest) => {
    const config = readProperties(request.getNews());
    return checkResponse(config, checkConfig(config));
  }),
  diffConfig: unary(() => new providerPb.DiffResponse()),
  configure: unary(async (request: ConfigureRequest) => {
    await builder.configure(readProperties(request.getArgs()));
    return new providerPb.ConfigureResponse().setSupportspreview(true);
  }),
});

/** What needs nothing but the inputs. */
const judgingMethods = {
  check: unary((request: CheckRequest) => {
    assertImage(request.getUrn());
    const inputs = completeInputs(readProperties(request.getNews()));
    return checkResponse(inputs, checkInputs(inputs));
  }),
  diff: unary((request: DiffRequest) => {
    assertImage(request.getUrn());
    return diffResponse(readProperties(request.getOldInputs()), readProperties(request.getNews()));
  }),
  invoke: unary((request: InvokeRequest): never => {
    throw new Error(refusal(request.getTok()));
  }),
};

const changingMethods = (builder: ImageBuilder): UntypedServiceImplementation => ({
  create: unary(async (request: CreateRequest) => {
    assertImage(request.getUrn());
    const outputs = await builder.build(
      request.getUrn(),
      readProperties(request.getProperties()),
      request.getPreview(),
    );
    const id = request.getPreview() ? "" : String(outputs["imageName"]);
    return new providerPb.CreateResponse().setId(id).setProperties(propertyStruct(outputs));
  }),
  update: unary(async (request: UpdateRequest) => {
    assertImage(request.getUrn());
    const inputs = readProperties(request.getNews());
    const outputs = await builder.build(request.getUrn(), inputs, request.getPreview());
    return new providerPb.UpdateResponse().setProperties(propertyStruct(outputs));
  }),
  /** As with the official plugin the state is believed: nothing is looked up. */
  read: unary((request: ReadRequest) => {
    assertImage(request.getUrn());
    return new providerPb.ReadResponse()
      .setId(request.getId())
      .setInputs(request.getInputs())
      .setProperties(request.getProperties());
  }),
  /** As with the official plugin images stay, in the engine and in the registry. */
  delete: unary((request: DeleteRequest) => {
    assertImage(request.getUrn());
    return new emptyPb.Empty();
  }),
});
