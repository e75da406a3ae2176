/** The way to the language server in its worker; starts a new one where one failed. */

import type { Transport } from "@codemirror/lsp-client";

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
    worker.onmessage = ({ data }: MessageEvent<string | { failed: string }>) => {
      if (worker !== this.worker) {
        return;
      }
      if (typeof data === "string") {
        this.handlers.forEach((handler) => handler(data));
      } else {
        this.failed(data.failed);
      }
    };
    worker.onerror = (event) => this.failed(event.message || "The worker could not be started.");
    return {
      send: (message) => worker.postMessage(message),
      subscribe: (handler) => this.handlers.add(handler),
      unsubscribe: (handler) => this.handlers.delete(handler),
    };
  }
}
