export { boardHtml } from "./html";
export { boardMarkdown } from "./markdown";
export { boardRow, MAX_TIMELINE } from "./model";
export type {
  Board,
  BoardCell,
  BoardPending,
  BoardRow,
  CellState,
  LiveAgent,
  LiveCluster,
  RowFacts,
} from "./model";
export { readBoard } from "./read";
export type { BoardRequest } from "./read";
export { boardText } from "./text";
export type { BoardPaint } from "./text";
