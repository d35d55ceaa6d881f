import { defaultBranch, readRecord } from "../state/index.ts";
import type { Permission, Repository } from "../state/index.ts";
import type { World } from "../world.ts";
import { apiUrl, nodeId, renderUser } from "./users.ts";
import type { Json } from "./users.ts";

const urlsOf = (world: World, { owner, name }: Repository): Json => {
  const { host } = new URL(world.baseUrl);
  return {
    html_url: `${world.baseUrl}/${owner}/${name}`,
    url: apiUrl(world, `/repos/${owner}/${name}`),
    clone_url: `${world.baseUrl}/${owner}/${name}.git`,
    svn_url: `${world.baseUrl}/${owner}/${name}`,
    git_url: `git://${host}/${owner}/${name}.git`,
    ssh_url: `git@${host.split(":")[0]}:${owner}/${name}.git`,
  };
};

export function renderRepository(
  world: World,
  repository: Repository,
  permission: Permission = "read",
): Json {
  const { settings, created_at, updated_at, pushed_at } = readRecord(repository);
  return {
    id: repository.id,
    node_id: nodeId("Repository", repository.id),
    name: repository.name,
    full_name: `${repository.owner}/${repository.name}`,
    owner: renderUser(world, repository.owner),
    ...urlsOf(world, repository),
    ...settings,
    private: settings.visibility !== "public",
    fork: false,
    disabled: false,
    has_pages: false,
    language: null,
    default_branch: defaultBranch(repository),
    created_at,
    updated_at,
    pushed_at,
    permissions: {
      admin: permission === "admin",
      push: permission === "admin" || permission === "write",
      pull: permission !== "none",
    },
  };
}
