/** The way to the language server in its worker; starts a new one where one failed. */

import type { Transport } from "@codemirror/lsp-client";
import type { FromEngine, ToEngine } from "../../web/worker";

export class Connection {
  private worker: Worker | undefined;
  private handlers = new Set<(message: string) => void>();

  /** `failed` is told why, when the server is gone. */
  constructor(private readonly failed: (why: string) => void) {}

  /** A transport to a fresh server. */
  open(): Transport {
    this.worker?.terminate();
    this.handlers.clear();
    const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    this.worker = worker;
    worker.onmessage = ({ data }: MessageEvent<FromEngine>) => {
      if (worker !== this.worker) {
        return;
      }
      if ("failed" in data) {
        this.failed(data.failed);
      } else {
        this.handlers.forEach((handler) => handler(JSON.stringify(data)));
      }
    };
    worker.onerror = (event) => this.failed(event.message || "The worker could not be started.");
    const send = (message: ToEngine) => worker.postMessage(message);
    send({ start: new URL("engine_bg.wasm", import.meta.url).href });
    return {
      send: (message) => send(unasked(JSON.parse(message))),
      subscribe: (handler) => this.handlers.add(handler),
      unsubscribe: (handler) => this.handlers.delete(handler),
    };
  }
}

/** The client would ask for findings, each file's by itself; sent unasked they come when a neighbour changes, too. */
function unasked<M extends { method?: string; params?: { capabilities?: { textDocument?: { diagnostic?: unknown } } } }>(message: M): M {
  if (message.method === "initialize") {
    delete message.params?.capabilities?.textDocument?.diagnostic;
  }
  return message;
}
