import type { ServerWritableStream } from "@grpc/grpc-js";
import type {
  AboutRequest,
  GetProgramDependenciesRequest,
  GetRequiredPackagesRequest,
  InstallDependenciesRequest,
  InstallDependenciesResponse,
} from "@pulumi/pulumi/proto/language_pb.js";
import languagePb from "@pulumi/pulumi/proto/language_pb.js";
import type { PackageDependency } from "@pulumi/pulumi/proto/plugin_pb.js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import { unary } from "../plugin-server/index.ts";
import { installedPackages, locatePackage } from "./packages.ts";
import type { InstalledPackage } from "./packages.ts";

/** What the engine asks about a program or this host without running anything. */
export const informationMethods = {
  getPluginInfo: unary(() => new pluginPb.PluginInfo().setVersion(sdkVersion(import.meta.dirname))),
  getRequiredPackages: unary((request: GetRequiredPackagesRequest) => {
    const installed = installedPackages(request.getInfo()?.getProgramDirectory() ?? "", true);
    return new languagePb.GetRequiredPackagesResponse().setPackagesList(installed.flatMap(pluginOf));
  }),
  getProgramDependencies: unary((request: GetProgramDependenciesRequest) => {
    const directory = request.getInfo()?.getProgramDirectory() ?? "";
    const installed = installedPackages(directory, request.getTransitivedependencies());
    return new languagePb.GetProgramDependenciesResponse().setDependenciesList(installed.map(dependencyOf));
  }),
  about: unary((request: AboutRequest) => {
    const about = new languagePb.AboutResponse().setExecutable(process.execPath).setVersion(process.version);
    const directory = request.getInfo()?.getProgramDirectory() ?? "";
    about.getMetadataMap().set("language host", "pulumi-delivery sandbox").set("sdk", sdkVersion(directory));
    return about;
  }),
  installDependencies: (
    call: ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>,
  ): void => {
    const directory = call.request.getInfo()?.getProgramDirectory() ?? "";
    const said = `Nothing was installed: this language host leaves it to you. Run "npm install" in ${directory}.\n`;
    call.write(new languagePb.InstallDependenciesResponse().setStdout(Buffer.from(said)));
    call.end();
  },
  runtimeOptionsPrompts: unary(() => new languagePb.RuntimeOptionsResponse()),
  template: unary(() => new languagePb.TemplateResponse()),
};

function sdkVersion(directory: string): string {
  return locatePackage(directory, "@pulumi/pulumi")?.manifest.version ?? "";
}

function dependencyOf({ manifest }: InstalledPackage): InstanceType<typeof languagePb.DependencyInfo> {
  return new languagePb.DependencyInfo().setName(manifest.name ?? "").setVersion(manifest.version ?? "");
}

/** The plugin behind the SDK of a provider; nothing for any other package. */
export function pluginOf({ manifest }: InstalledPackage): PackageDependency[] {
  const { pulumi = {}, name = "", version = "" } = manifest;
  if (pulumi.resource !== true) return [];
  const plugin = new pluginPb.PackageDependency()
    .setKind("resource")
    .setName(pulumi.name ?? name.replace("@pulumi/", ""))
    .setVersion(`v${(pulumi.version ?? version).replace(/^v/, "")}`)
    .setServer(pulumi.server ?? "");
  const { parameterization } = pulumi;
  if (parameterization === undefined) return [plugin];
  const parameters = new pluginPb.PackageParameterization()
    .setName(parameterization.name)
    .setVersion(parameterization.version)
    .setValue(parameterization.value);
  return [plugin.setParameterization(parameters)];
}
