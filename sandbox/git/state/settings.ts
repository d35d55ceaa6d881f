import { randomBytes } from "node:crypto";
import { freePort } from "../../processes/index.ts";
import { settingsPath } from "../layout.ts";
import { readJson, writeJson } from "./json.ts";

export interface Settings {
  readonly port: number;
  /** Login of the administrator. */
  readonly login: string;
  /** Token of the administrator, for Git and the GitHub API. */
  readonly token: string;
  /** Token for `/_sandbox`: faults, identities, the log of requests. */
  readonly controlToken: string;
  readonly organizations: readonly string[];
  /** Whether public repositories can be read without a token. */
  readonly anonymousRead: boolean;
}

export type ChosenSettings = Pick<Settings, "organizations" | "anonymousRead">;

export const ADMIN_LOGIN = "sandbox-admin";

export const makeToken = (kind: string): string => `${kind}_${randomBytes(20).toString("hex")}`;

/** The server's settings: port and tokens are made at the first start and kept. The file is for its owner only. */
export async function settleSettings(root: string, chosen: ChosenSettings): Promise<Settings> {
  const known = readSettings(root);
  const settings: Settings = {
    port: known?.port ?? (await freePort()),
    login: ADMIN_LOGIN,
    token: known?.token ?? makeToken("admin"),
    controlToken: known?.controlToken ?? makeToken("control"),
    organizations: [...new Set([...(known?.organizations ?? []), ...chosen.organizations])],
    anonymousRead: chosen.anonymousRead,
  };
  writeJson(settingsPath(root), settings);
  return settings;
}

/** Undefined when no server was started in this folder yet. */
export function readSettings(root: string): Settings | undefined {
  return readJson<Settings | undefined>(settingsPath(root), undefined);
}
