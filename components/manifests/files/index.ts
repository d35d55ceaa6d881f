export { manifestFileName, MIGRATION_PREFIX } from "./name";
export { manifestFiles, writeFolders, writeRendered } from "./write";
