export type { CountedCommit, CountedSource } from "./git";
export { pendingOf } from "./pending";
export type { Pending, PendingRelease } from "./pending";
export { currentOf, MAX_CANDIDATES, promotionTo } from "./promotion";
export type { Current, PromotionQuestion } from "./promotion";
export { questionOf, readPending, readPromotion } from "./read";
export type { PromotionRequest } from "./read";
