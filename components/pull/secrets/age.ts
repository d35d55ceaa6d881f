import type * as Age from "age-encryption" with { "resolution-mode": "import" };
import { tryPeer } from "../../peer";

/** The package that encrypts for `secrets: "sops"`, by the author of age. */
export const AGE_PACKAGE = "age-encryption";

/** Whether it is installed; it is loaded only where something is encrypted. */
export function hasAge(): boolean {
  return tryPeer(AGE_PACKAGE, () => require.resolve(AGE_PACKAGE)) !== undefined;
}

/** It is an ECMAScript module, which every Node that runs this can import. */
const loadAge = (): Promise<typeof Age> => import("age-encryption");

/** A key of age: whoever has the identity can read what was encrypted for the recipient. */
export async function makeAgeKey(): Promise<{ readonly identity: string; readonly recipient: string }> {
  const age = await loadAge();
  // Not the default kind, which the agents' libraries may not know.
  const identity = await age.generateX25519Identity();
  return { identity, recipient: await age.identityToRecipient(identity) };
}

/** Encrypts the key of a file for a recipient, as armoured text. */
export async function wrapForAge(
  recipient: string,
  dataKey: Uint8Array,
): Promise<{ readonly recipient: string; readonly enc: string }> {
  const { Encrypter, armor } = await loadAge();
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return { recipient, enc: armor.encode(await encrypter.encrypt(dataKey)) };
}
