import { createHash, createPublicKey } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { parseAddress } from "../ledger/location";
import { isLate } from "../manifests/late";
import type { Manifest } from "../manifests";
import { throwIfAny } from "../mistake";
import { checkPinnedHost } from "./host/known-hosts";

/** How an agent may read the repository. It never needs more than that. */
export type PullCredentials =
  | {
      readonly kind: "ssh";
      /** Of a read-only deploy key, in OpenSSH's format and without a passphrase. It is kept as a secret. */
      readonly privateKey: pulumi.Input<string>;
      /** Lines of a known_hosts file for the server: no other host key is taken, and none is learned. */
      readonly knownHosts: string;
    }
  | {
      readonly kind: "token";
      /** It may read the repository and do nothing else. It is kept as a secret. */
      readonly token: pulumi.Input<string>;
      /** @default "x-access-token" */
      readonly username?: string;
    };

const DEFAULT_USERNAME = "x-access-token";
/** Source: Flux, "GitRepository: SSH authentication" and the audit of 2023. */
const MIN_RSA_BITS = 3072;

/** Problems of credentials, found without a request. No message has a value of them. */
export function checkCredentials(credentials: PullCredentials | undefined, repository: string): string[] {
  const overSsh = parseAddress(repository).scheme === "ssh";
  if (credentials === undefined) {
    return overSsh
      ? [
          'credentials is missing; ssh needs { kind: "ssh", privateKey, knownHosts } with a read-only deploy key',
        ]
      : [];
  }
  if ((credentials.kind === "ssh") !== overSsh) {
    return [
      `credentials.kind "${credentials.kind}" does not go with ${overSsh ? "an ssh" : "an https"} address`,
    ];
  }
  if (credentials.kind === "token") return [];
  const { privateKey, knownHosts } = credentials;
  return [
    ...checkPinnedHost("credentials.knownHosts", knownHosts, repository),
    ...(isLate(privateKey) ? [] : checkPrivateKey(privateKey as string)),
  ];
}

/** Problems of a private key, by its kind and length. */
export function checkPrivateKey(text: string): string[] {
  const rsa = rsaBits(text);
  if (rsa === undefined || rsa >= MIN_RSA_BITS) return [];
  return [
    `credentials.privateKey is an RSA key of ${rsa} bits; make an ed25519 one (ssh-keygen -t ed25519), or RSA of ${MIN_RSA_BITS} bits or more`,
  ];
}

/** The length of an RSA key; undefined for any other, and for what cannot be read here. */
function rsaBits(text: string): number | undefined {
  return /BEGIN OPENSSH PRIVATE KEY/.test(text) ? openSshRsaBits(text) : pemRsaBits(text);
}

function pemRsaBits(text: string): number | undefined {
  try {
    return createPublicKey(text).asymmetricKeyDetails?.modulusLength;
  } catch {
    return undefined;
  }
}

/** The public half stands before the private one. Source: OpenSSH, `PROTOCOL.key`. */
function openSshRsaBits(text: string): number | undefined {
  const bytes = Buffer.from(text.replace(/-----[^-]+-----|\s/g, ""), "base64");
  const at = bytes.indexOf("\0\0\0\u0007ssh-rsa");
  if (at < 0) return undefined;
  const exponent = bytes.readUInt32BE(at + 11);
  const modulus = bytes.readUInt32BE(at + 15 + exponent);
  // A leading zero keeps it positive.
  return (modulus - 1) * 8;
}

/** The Secret that the agent reads its credentials from; its entries are secrets in the state. */
export function credentialsManifest(name: string, namespace: string, credentials: PullCredentials): Manifest {
  const stringData =
    credentials.kind === "ssh"
      ? { identity: checkedKey(credentials.privateKey), known_hosts: withLineEnd(credentials.knownHosts) }
      : { username: credentials.username ?? DEFAULT_USERNAME, password: pulumi.secret(credentials.token) };
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, type: "Opaque", stringData };
}

/** Differs when the agent gets other credentials, so that it is waited for until it has read the repository with them. */
export function readerOf(credentials: PullCredentials | undefined): pulumi.Input<string> {
  if (credentials === undefined) return "";
  const text = credentials.kind === "ssh" ? credentials.privateKey : credentials.token;
  const hash = (value: string): string => createHash("sha256").update(value).digest("hex");
  return pulumi.secret(text).apply(hash);
}

function checkedKey(key: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.secret(key).apply((text) => {
    throwIfAny("Credentials of the agent", checkPrivateKey(text));
    return withLineEnd(text);
  });
}

const withLineEnd = (text: string): string => `${text.trim()}\n`;
