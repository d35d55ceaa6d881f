import type { Socket } from "node:net";
import { Channel } from "./channel.ts";
import type { Traffic } from "./traffic.ts";

/**
 * Ends a connection with RST. One whose end is on its way is just closed: Node 24 would leave it open for ever, since
 * libuv refuses to reset a socket that shuts down (uv_tcp_close_reset).
 */
export function resetSocket(socket: Socket): void {
  if (socket.destroyed) return;
  const isEnding = socket.writableEnded && !socket.writableFinished;
  if (isEnding) socket.destroy();
  else socket.resetAndDestroy();
}

/** One client and its connection to the target: what one side does, the other side sees. */
export class Connection {
  readonly #client: Socket;
  readonly #target: Socket;
  readonly #in: Channel;
  readonly #out: Channel;
  #swallowed = false;
  #isCut = false;

  /** @param target may still be connecting */
  constructor(client: Socket, target: Socket, traffic: Traffic) {
    this.#client = client;
    this.#target = target;
    this.#in = new Channel(traffic, "in");
    this.#out = new Channel(traffic, "out");
    client.pipe(this.#in).pipe(target);
    target.pipe(this.#out).pipe(client);
    this.#in.once("cut", () => this.#onCut());
    client.on("error", () => this.reset()).on("close", () => this.#onClientClose());
    target.on("error", () => this.#onTargetError());
    for (const socket of [client, target]) socket.setNoDelay(true);
  }

  get swallowed(): boolean {
    return this.#swallowed;
  }

  /** From now on what either side sends is lost; neither is told. */
  swallow(): void {
    if (this.#swallowed) return;
    this.#swallowed = true;
    this.#client.unpipe();
    this.#target.unpipe();
    this.#in.unpipe();
    this.#out.unpipe();
    this.#client.resume();
    this.#target.resume();
  }

  /** Ends both sides as a crash would: with RST. */
  reset(): void {
    resetSocket(this.#client);
    resetSocket(this.#target);
    this.#in.destroy();
    this.#out.destroy();
  }

  /** A reset of the target's side, too, could overtake the bytes before the cut; so that side just ends. */
  #onCut(): void {
    this.#isCut = true;
    this.#target.unpipe();
    this.#out.destroy();
    this.#target.resume();
    resetSocket(this.#client);
  }

  #onTargetError(): void {
    if (this.#swallowed) this.#target.destroy();
    else this.reset();
  }

  #onClientClose(): void {
    if (this.#isCut) return;
    this.#in.destroy();
    this.#out.destroy();
    if (this.#target.writableFinished || this.#target.destroyed) return;
    if (this.#swallowed) this.#target.destroy();
    else this.#target.destroySoon();
  }
}
