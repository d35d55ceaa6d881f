import { synchronizePulls } from "../pulls/index.ts";
import { changeRecord, readList, timestamp } from "../state/index.ts";
import type { Push, World } from "../world.ts";
import { renderPushEvent } from "./push-payload.ts";
import { wants } from "./request.ts";

/** What GitHub does after references moved: the time of the last push, pull requests, webhooks. */
export async function handlePush(world: World, push: Push): Promise<void> {
  const { repository } = push;
  const now = timestamp();
  changeRecord(repository, { pushed_at: now, updated_at: now });
  // To put an event together takes Git several processes: not for nobody.
  const heard = readList(repository.dir, "hooks").some((hook) => wants(hook, { name: "push" }));
  for (const change of push.changes) {
    if (heard) world.emit(repository, await renderPushEvent(world, push, change));
    await synchronizePulls(world, push, change);
  }
}
