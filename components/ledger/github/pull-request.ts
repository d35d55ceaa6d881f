import { callGitHub, gitHubRepository } from "./client";

/** A proposal to bring one branch into another. */
export interface Proposal {
  readonly address: string;
  readonly api: string | undefined;
  readonly token: string;
  /** The branch with the proposed content. */
  readonly from: string;
  readonly into: string;
  readonly title: string;
  readonly body: string;
}

interface PullRequest {
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly html_url: string;
}

/**
 * Opens a pull request, or brings the one that is open up to date.
 *
 * @returns its address, for people.
 */
export async function proposeOnGitHub(proposal: Proposal): Promise<string> {
  const { token, from, into, title, body } = proposal;
  const { api, owner, name } = gitHubRepository(proposal.address, proposal.api);
  const pulls = `/repos/${owner}/${name}/pulls`;
  const query = new URLSearchParams({ head: `${owner}:${from}`, base: into, state: "open" });
  const open = await callGitHub<readonly PullRequest[]>(api, {
    method: "GET",
    path: `${pulls}?${query}`,
    token,
  });
  const [known] = open;
  if (known === undefined) {
    const wanted = { title, body, head: from, base: into };
    return (await callGitHub<PullRequest>(api, { method: "POST", path: pulls, token, body: wanted }))
      .html_url;
  }
  if (known.title !== title || known.body !== body) {
    await callGitHub(api, {
      method: "PATCH",
      path: `${pulls}/${known.number}`,
      token,
      body: { title, body },
    });
  }
  return known.html_url;
}
