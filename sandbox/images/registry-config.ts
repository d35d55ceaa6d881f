import { stringify } from "yaml";

export type RegistryAuth =
  | { readonly kind: "none" }
  | { readonly kind: "basic"; readonly htpasswd: string }
  | {
      readonly kind: "token";
      readonly realm: string;
      readonly service: string;
      readonly issuer: string;
      /** Path of the certificate of the key that signs tokens. */
      readonly certificate: string;
    };

export interface RegistryServer {
  readonly port: number;
  /** Folder of the images. */
  readonly data: string;
  /** Signs the state of unfinished uploads; kept, so that they outlive a restart. */
  readonly secret: string;
  readonly auth: RegistryAuth;
}

/** The configuration of a registry of version 2: https://distribution.github.io/distribution/about/configuration/ */
export function renderRegistryConfig({ port, data, secret, auth }: RegistryServer): string {
  return stringify({
    version: "0.1",
    log: { level: "info", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: data }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${port}`, secret },
    ...authSection(auth),
  });
}

function authSection(auth: RegistryAuth): object {
  switch (auth.kind) {
    case "none":
      return {};
    case "basic":
      return { auth: { htpasswd: { realm: "sandbox", path: auth.htpasswd } } };
    case "token": {
      const { realm, service, issuer, certificate } = auth;
      return { auth: { token: { realm, service, issuer, rootcertbundle: certificate } } };
    }
    default:
      return auth satisfies never;
  }
}
