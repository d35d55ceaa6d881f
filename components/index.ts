export * from "./pipeline";
export * from "./source";
export * from "./image";
export * from "./manifests";
export * from "./release";
export * from "./ledger";
export * from "./clusters";
export * from "./push";
export { Mistake } from "./mistake";
