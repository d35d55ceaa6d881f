/** What GitHub lets a client choose for a repository, under its names and with its defaults. */
export const DEFAULT_REPOSITORY_SETTINGS = {
  description: null as string | null,
  homepage: null as string | null,
  visibility: "public" as string,
  has_issues: true,
  has_projects: true,
  has_wiki: true,
  has_downloads: true,
  has_discussions: false,
  is_template: false,
  archived: false,
  allow_merge_commit: true,
  allow_squash_merge: true,
  allow_rebase_merge: true,
  allow_auto_merge: false,
  allow_update_branch: false,
  allow_forking: true,
  delete_branch_on_merge: false,
  web_commit_signoff_required: false,
  merge_commit_title: "MERGE_MESSAGE",
  merge_commit_message: "PR_TITLE",
  squash_merge_commit_title: "COMMIT_OR_PR_TITLE",
  squash_merge_commit_message: "COMMIT_MESSAGES",
  vulnerability_alerts: false,
  topics: [] as readonly string[],
};

export type RepositorySettings = typeof DEFAULT_REPOSITORY_SETTINGS;
type Name = keyof RepositorySettings;

const NULLABLE: readonly string[] = ["description", "homepage"];
export const VISIBILITIES: readonly string[] = ["public", "private", "internal"];

/** Names of the fields whose value is not of the kind GitHub takes. */
export function checkSettings(body: Readonly<Record<string, unknown>>): string[] {
  const names = (Object.keys(DEFAULT_REPOSITORY_SETTINGS) as Name[]).filter(
    (name) => body[name] !== undefined,
  );
  return names.filter((name) => !fits(name, body[name]));
}

function fits(name: Name, value: unknown): boolean {
  if (name === "visibility") return VISIBILITIES.includes(String(value));
  if (name === "topics") return Array.isArray(value);
  if (NULLABLE.includes(name)) return value === null || typeof value === "string";
  return value === null || typeof value === typeof DEFAULT_REPOSITORY_SETTINGS[name];
}

/** The settings after a request. Fields that are absent or null stay; `private` is the older word for visibility. */
export function changedSettings(
  current: RepositorySettings,
  body: Readonly<Record<string, unknown>>,
): RepositorySettings {
  const changed: Record<string, unknown> = { ...current };
  for (const name of Object.keys(DEFAULT_REPOSITORY_SETTINGS)) {
    const value = body[name];
    if (value !== undefined && (value !== null || NULLABLE.includes(name))) changed[name] = value;
  }
  if (body["visibility"] === undefined && typeof body["private"] === "boolean") {
    changed["visibility"] = body["private"] ? "private" : "public";
  }
  return changed as unknown as RepositorySettings;
}
