export { manifestFileName } from "./name";
export { manifestFiles, writeRendered } from "./write";
