import { CHECKOUT } from "../paths.ts";
import { STAND_IN_VERSION } from "./docker-plugin/version.ts";
import { locatePackage } from "./language-host/packages.ts";

/** A provider whose real plugin is one of the tools; the npm package is its SDK. */
export interface Provider {
  readonly name: string;
  readonly sdk: string;
  readonly tool: "pulumi-resource-kubernetes" | "pulumi-resource-github" | "pulumi-resource-docker-build";
}

export const PROVIDERS: readonly Provider[] = [
  { name: "kubernetes", sdk: "@pulumi/kubernetes", tool: "pulumi-resource-kubernetes" },
  { name: "github", sdk: "@pulumi/github", tool: "pulumi-resource-github" },
  { name: "docker-build", sdk: "@pulumi/docker-build", tool: "pulumi-resource-docker-build" },
];

export const DOCKER_SDK = "@pulumi/docker";
export const ENGINE_SDK = "@pulumi/pulumi";

/** What a plugin says of itself when nobody told its build the version. Such a one is believed to fit. */
const UNSTAMPED = ["", "0.0.1"];

/**
 * The version of the plugin that an installed SDK wants: the one table of versions is what is in node_modules.
 *
 * @throws when the SDK is not installed in the checkout.
 */
export function sdkVersion(sdk: string): string {
  const manifest = locatePackage(CHECKOUT, sdk)?.manifest;
  const version = manifest?.pulumi?.version ?? manifest?.version;
  if (version !== undefined) return version;
  throw new Error(`${sdk} is not installed in ${CHECKOUT}. Run "npm ci" there.`);
}

/** A sentence when a plugin is of another version than its SDK: the engine would look for one that is not there. */
export function checkPlugin(provider: Provider, path: string, found: string | undefined): string[] {
  const wanted = sdkVersion(provider.sdk);
  if (found === undefined) {
    return [
      `${path} did not answer as a Pulumi plugin. Remove it, and run the set-up again to build it anew.`,
    ];
  }
  if (found === wanted || UNSTAMPED.includes(found)) return [];
  return [
    `${path} is version ${found}, and the installed npm package ${provider.sdk} wants ${wanted}. ` +
      `Install ${provider.sdk}@${found}, or pin the plugin's module to ${wanted} and build it anew.`,
  ];
}

/** A sentence when the installed `@pulumi/docker` is not the one whose behaviour the stand-in has. */
export function checkStandIn(): string[] {
  const wanted = sdkVersion(DOCKER_SDK);
  if (wanted === STAND_IN_VERSION) return [];
  return [
    `The installed npm package ${DOCKER_SDK} wants its plugin in version ${wanted}, and the sandbox's stand-in ` +
      `behaves as ${STAND_IN_VERSION}. Install ${DOCKER_SDK}@${STAND_IN_VERSION}, or the official plugin.`,
  ];
}
