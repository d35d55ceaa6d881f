export { manifestFileName } from "./name";
export { manifestFiles, writeFolders, writeRendered } from "./write";
