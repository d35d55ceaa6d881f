export { overlaid, transformedBy } from "./overlay";
export type { KindTransform, Overlay } from "./overlay";
