import { createHmac } from "node:crypto";

/** `X-Hub-Signature-256`: HMAC-SHA256 of the body's exact bytes. */
export function signature256(secret: string, body: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

/** `X-Hub-Signature`, the older header, which GitHub still sends beside the other. */
export function signature1(secret: string, body: string): string {
  return `sha1=${createHmac("sha1", secret).update(body).digest("hex")}`;
}
