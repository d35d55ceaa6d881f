import * as pulumi from "@pulumi/pulumi";
import type { RegistryLogin } from "./builders";
import type { Credential } from "./registry";

/** What a login is called in an error. */
const ORIGIN = "the image's registry argument";

/** The values of a login; undefined when one of them is only known to `pulumi up`, as that of a new resource. */
export async function knownLogin({ username, password }: RegistryLogin): Promise<Credential | undefined> {
  const [name, secret] = await Promise.all([known(username), known(password)]);
  if (name === undefined || secret === undefined) return undefined;
  return { login: { kind: "password", username: name, password: secret }, origin: ORIGIN };
}

/** The parts of an output that the SDK itself waits with, and leaves out of its types. */
interface Awaitable<T> {
  readonly isKnown: Promise<boolean>;
  promise(): Promise<T>;
}

async function known<T>(input: pulumi.Input<T>): Promise<T | undefined> {
  const output = pulumi.output(input) as unknown as Awaitable<T>;
  return (await output.isKnown) ? output.promise() : undefined;
}
