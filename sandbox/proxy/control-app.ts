import { Hono } from "hono";
import type { Switchboard } from "./switchboard.ts";
import type { Answer, Fault, Reads, Route } from "./types.ts";

/** What the proxy is told over its control socket: JSON in, JSON out; a refusal is a 400 with a text. */
export function controlApp(board: Switchboard): Hono {
  const app = new Hono();
  app.onError((error, c) => c.text(error.message, 400));
  app.get("/routes", (c) => c.json(board.routes()));
  app.put("/routes", async (c) => c.json((await board.put(await c.req.json<Route>())) ?? null));
  app.delete("/routes/:name", (c) => c.json(board.remove(c.req.param("name")) ?? null));
  addFaults(app, board);
  addCounts(app, board);
  return app;
}

function addFaults(app: Hono, board: Switchboard): void {
  app.put("/routes/:name/fault", async (c) => {
    await board.set(c.req.param("name"), await c.req.json<Fault>());
    return c.json(null);
  });
  app.put("/routes/:name/reads", async (c) => {
    await board.find(c.req.param("name")).read(await c.req.json<Reads>());
    return c.json(null);
  });
  app.post("/routes/:name/answers", async (c) => {
    board.answer(c.req.param("name"), await c.req.json<Answer>());
    return c.json(null);
  });
}

function addCounts(app: Hono, board: Switchboard): void {
  app.get("/routes/:name/stats", (c) => c.json(board.find(c.req.param("name")).stats()));
  app.get("/routes/:name/requests", (c) => c.json(board.find(c.req.param("name")).requests()));
  app.delete("/routes/:name/counts", (c) => {
    board.find(c.req.param("name")).resetCounts();
    return c.json(null);
  });
}
