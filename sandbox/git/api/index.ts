export { API_PATH, createApi } from "./app.ts";
export { createHeaders } from "./headers.ts";
export { combinedState } from "./statuses.ts";
export { parsePage, renderLinks } from "./pages.ts";
export { parseProtection } from "./protection.ts";
