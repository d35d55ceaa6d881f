import type * as pulumi from "@pulumi/pulumi";
import { checkSecretSource } from "../ledger/access";
import type { SecretSource } from "../ledger/access";
import { assertValid } from "../problems";
import type { PullSecret } from "../push";
import { checkPullSecrets } from "../push/pull-secret";
import type { PipelineComponentArgs } from "./component";
import { secretReader } from "./secrets";

/** Credentials of a registry for the pods, by where the password is found when it is needed. */
export interface PullSecretSpec extends Pick<PullSecret, "name" | "registry"> {
  readonly username: string;
  readonly password: SecretSource;
}

/** Problems of a pipeline's pull secrets, found without looking a password up. */
export function checkPullSecretSpecs(specs: readonly PullSecretSpec[]): string[] {
  const known = specs.map((spec) => ({ ...spec, password: "is looked up later" }));
  const places = specs.flatMap(({ name, password }) =>
    checkSecretSource(`the password of ${name}`, password),
  );
  return [...checkPullSecrets(known), ...places.map((problem) => `pullSecrets: ${problem}`)];
}

/**
 * The pull secrets with their passwords, which are looked up now: one that is not there fails the preview.
 *
 * @throws pulumi.ResourceError that names every place without a password.
 */
export function readPullSecrets(
  args: Pick<PipelineComponentArgs, "pipeline" | "secret">,
  parent: pulumi.Resource,
): PullSecret[] {
  const { read, problems } = secretReader(args);
  const secrets = args.pipeline.pullSecrets.map((spec) => {
    return { ...spec, password: read(`pullSecrets: ${spec.name}`, spec.password) };
  });
  assertValid(parent, problems);
  return secrets;
}
