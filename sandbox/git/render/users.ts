import type { World } from "../world.ts";

export type Json = Record<string, unknown>;

/** The API's address of something. */
export const apiUrl = (world: World, path: string): string => `${world.baseUrl}/api/v3${path}`;

/** Opaque, and the same as long as the thing exists. */
export const nodeId = (kind: string, id: number): string => Buffer.from(`${kind}${id}`).toString("base64url");

/** A user, organization or app; somebody unknown is shown as GitHub shows deleted users. */
export function renderUser(world: World, login: string): Json {
  const identity = world.identities.find(login);
  const name = identity?.login ?? "ghost";
  const id = identity?.id ?? 0;
  return {
    login: name,
    id,
    node_id: nodeId("User", id),
    avatar_url: "",
    url: apiUrl(world, `/users/${name}`),
    html_url: `${world.baseUrl}/${name}`,
    type: identity?.type ?? "User",
    site_admin: identity?.login === world.settings.login,
  };
}

export function renderOrganization(world: World, login: string): Json {
  const { id = 0, login: name = login } = world.identities.find(login) ?? {};
  return {
    login: name,
    id,
    node_id: nodeId("Organization", id),
    url: apiUrl(world, `/orgs/${name}`),
    repos_url: apiUrl(world, `/orgs/${name}/repos`),
    html_url: `${world.baseUrl}/${name}`,
    name,
    description: null,
    type: "Organization",
    plan: { name: "enterprise" },
  };
}
