import type { ApiContext } from "./context.ts";

export const DEFAULT_PAGE_SIZE = 30;
export const MAX_PAGE_SIZE = 100;

export interface Page {
  /** From 1. */
  readonly number: number;
  readonly size: number;
}

function positive(text: string | undefined, fallback: number): number {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : fallback;
}

export function parsePage(query: (name: string) => string | undefined): Page {
  const size = Math.min(positive(query("per_page"), DEFAULT_PAGE_SIZE), MAX_PAGE_SIZE);
  return { number: positive(query("page"), 1), size };
}

/** GitHub's `Link` header: undefined when everything is on one page. */
export function renderLinks(url: string, page: Page, total: number): string | undefined {
  const last = Math.max(1, Math.ceil(total / page.size));
  const links: string[] = [];
  const add = (rel: string, number: number): void => {
    const target = new URL(url);
    target.searchParams.set("page", String(number));
    links.push(`<${target.href}>; rel="${rel}"`);
  };
  if (page.number > 1) add("prev", page.number - 1);
  if (page.number < last) add("next", page.number + 1);
  if (page.number < last) add("last", last);
  if (page.number > 1) add("first", 1);
  return links.length === 0 ? undefined : links.join(", ");
}

/** The items of the page that the request asks for; sets the `Link` header. */
export function pageOf<T>(c: ApiContext, items: readonly T[]): readonly T[] {
  const page = parsePage((name) => c.req.query(name));
  const { pathname, search } = new URL(c.req.url);
  const links = renderLinks(`${c.var.world.baseUrl}${pathname}${search}`, page, items.length);
  if (links !== undefined) c.header("Link", links);
  return items.slice((page.number - 1) * page.size, page.number * page.size);
}
