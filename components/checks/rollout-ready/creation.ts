import type { ClusterApi, LiveObject } from "../../clusters/api";
import { failed } from "../contract";
import type { Verdict } from "../contract";
import { said } from "./pods";
import { listed } from "./revision";

/** How long before the gate a failure may have been to be counted, in milliseconds: the gate begins after the change. */
export const RECENT_MS = 20_000;

interface Event {
  readonly message?: string;
  readonly lastTimestamp?: string;
  readonly eventTime?: string;
  readonly series?: { readonly lastObservedTime?: string };
}

/**
 * Whether the maker of the pods is told that it may not make them: a quota, an admission policy or webhook, an account
 * that is missing. Its controller tries again by itself, less and less often, so an old failure says nothing: one counts
 * that was seen since the gate began, or shortly before, by the server's clock.
 */
export async function readCreationFailure(api: ClusterApi, maker: LiveObject): Promise<Verdict | undefined> {
  const { uid, namespace } = maker.metadata;
  const events = (await listed(api, {
    apiVersion: "v1",
    kind: "Event",
    fieldSelector: `involvedObject.uid=${uid},reason=FailedCreate`,
    ...(namespace === undefined ? {} : { namespace }),
  })) as readonly (LiveObject & Event)[];
  const since = (api.openedAt ?? 0) - RECENT_MS;
  const last = events
    .map((event) => ({ at: timeOf(event), message: event.message }))
    .filter(({ at }) => at >= since)
    .sort((a, b) => b.at - a.at)[0];
  return last === undefined ? undefined : failed(`its pods may not be made${said(last.message)}`);
}

function timeOf({ series, lastTimestamp, eventTime }: Event): number {
  return Date.parse(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? "") || 0;
}
