import { STAND_IN_VERSION } from "./version.ts";

/** The one type of resource that the stand-in answers for. */
export const IMAGE_TYPE = "docker:index/image:Image";

/** What is said about anything else of the docker provider. */
export function refusal(token: string): string {
  return (
    `The sandbox's stand-in for the docker plugin does ${IMAGE_TYPE} only, not ${token}. Install the official ` +
    `plugin ("pulumi plugin install resource docker ${STAND_IN_VERSION}" with your own PULUMI_HOME) and set the ` +
    `sandbox up again.`
  );
}

/** @throws when the resource is not an image. See https://www.pulumi.com/docs/concepts/resources/names/#urns */
export function assertImage(urn: string): void {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  if (type !== IMAGE_TYPE) throw new Error(refusal(type));
}
