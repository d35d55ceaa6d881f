/** Who may ask the API server, besides the cluster's own controllers. */
export interface Identity {
  readonly name: string;
  readonly groups: readonly string[];
  /** Where it has the built-in role `edit`; nowhere else has it any right beyond those of every known user. */
  readonly edits: readonly string[];
}

export const ADMIN: Identity = { name: "admin", groups: ["system:masters"], edits: [] };

/**
 * `restricted` may work in the namespace `restricted` only; `nobody` has no right at all until
 * somebody binds a role to the user of that name.
 */
export const RESTRICTED_IDENTITIES = [
  { name: "restricted", groups: [], edits: ["restricted"] },
  { name: "nobody", groups: [], edits: [] },
] as const satisfies readonly Identity[];

export type IdentityName = (typeof RESTRICTED_IDENTITIES)[number]["name"];

/** Their tokens, by identity. */
export type Tokens = Readonly<Record<"admin" | IdentityName, string>>;

/**
 * The API server's static token file.
 * Format: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#static-token-file
 */
export function renderTokenFile(tokens: Tokens): string {
  const identities: readonly Identity[] = [ADMIN, ...RESTRICTED_IDENTITIES];
  const rows = identities.map(({ name, groups }) => {
    const token = tokens[name as keyof Tokens];
    return [token, name, name, ...(groups.length === 0 ? [] : [`"${groups.join(",")}"`])].join(",");
  });
  return rows.map((row) => `${row}\n`).join("");
}
