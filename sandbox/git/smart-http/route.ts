import { isOwnerName, isRepositoryName } from "../names.ts";

export interface GitRequest {
  readonly owner: string;
  readonly name: string;
  readonly service: "git-upload-pack" | "git-receive-pack";
  /** Whether it asks for the list of references, the first of the two requests. */
  readonly advertisement: boolean;
}

/** The smart protocol's three addresses, literally: whatever is encoded, dotted or longer is not one of them. */
const SMART = /^\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;
const SERVICE = /^service=(git-upload-pack|git-receive-pack)$/;

type Service = GitRequest["service"];

/** What a Git client asks for; undefined when it is no such request, and so nothing of Git is started for it. */
export function parseGitRequest(method: string, url: string): GitRequest | undefined {
  const [path = "", query = ""] = url.split("?");
  const [, owner = "", name = "", action = ""] = SMART.exec(path) ?? [];
  if (!isOwnerName(owner) || !isRepositoryName(name)) return undefined;
  if (action !== "info/refs") {
    return method === "POST" ? { owner, name, service: action as Service, advertisement: false } : undefined;
  }
  const service = SERVICE.exec(query)?.[1] as Service | undefined;
  return method === "GET" && service ? { owner, name, service, advertisement: true } : undefined;
}
