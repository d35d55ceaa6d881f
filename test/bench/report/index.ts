export { resultsChart } from "./chart.ts";
export { resultsMarkdown } from "./markdown.ts";
export { merged, resultLine, targetText, toResult } from "./results.ts";
export type { Result } from "./results.ts";
export { packageVersions } from "./versions.ts";
export { writeResults } from "./write.ts";
