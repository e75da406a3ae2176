/**
 * The language server in a worker, for the playground and for VS Code in the browser.
 *
 * It takes `{ start }` first: the module's bytes, or where they are. Then messages of the protocol, as objects, and the
 * files that nobody has open: `{ put, text }`, `{ remove }`. It sends messages of the protocol, and `{ failed }` when it
 * is at its end: whoever owns it starts another one.
 */

import init, { Session } from "engine";

export type ToEngine = { start: Uint8Array | string } | { put: string; text: string } | { remove: string } | { jsonrpc: string };
export type FromEngine = { failed: string } | { jsonrpc: string };

const scope = self as unknown as { onmessage: (event: MessageEvent<ToEngine>) => void; postMessage(message: FromEngine): void };

/** What came before the module was there, or while it worked. */
const waiting: ToEngine[] = [];
let session: Session | undefined;

scope.onmessage = ({ data }) => {
  if ("start" in data) {
    init({ module_or_path: data.start }).then(
      () => {
        session = new Session();
        work();
      },
      (error) => scope.postMessage({ failed: `The engine could not be loaded: ${error}` }),
    );
    return;
  }
  waiting.push(data);
  // What came in the same turn is answered together: a burst of keys is judged once.
  queueMicrotask(work);
};

function work(): void {
  for (let next = session && waiting.shift(); session !== undefined && next !== undefined; next = waiting.shift()) {
    try {
      if ("put" in next) {
        session.put(next.put, next.text);
      } else if ("remove" in next) {
        session.remove(next.remove);
      } else {
        session.receive(JSON.stringify(next), waiting.length === 0).forEach((answer) => scope.postMessage(JSON.parse(answer)));
      }
    } catch (error) {
      // A panic ends the module.
      session = undefined;
      scope.postMessage({ failed: String(error) });
    }
  }
}
