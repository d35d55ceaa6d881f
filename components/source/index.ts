export { lastCommit, uncommittedFiles } from "./commit";
export { hashFiles, listFiles } from "./files";
