export * from "./bases";
