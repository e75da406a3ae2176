/** The language server, in a worker: messages come in as text and go out as text. */

import init, { Session } from "engine";

const scope = self as unknown as DedicatedWorkerGlobalScope;

/** Messages that came before the module was there, or while it worked. */
const waiting: string[] = [];
let session: Session | undefined;

scope.onmessage = ({ data }: MessageEvent<string>) => {
  waiting.push(data);
  // What came in the same turn is answered together: a burst of keys is judged once.
  queueMicrotask(work);
};

function work(): void {
  for (let message = waiting.shift(); session !== undefined && message !== undefined; message = waiting.shift()) {
    try {
      for (const answer of session.receive(message, waiting.length === 0)) {
        scope.postMessage(answer);
      }
    } catch (error) {
      // A panic ends the module. The page starts a new worker.
      session = undefined;
      scope.postMessage({ failed: String(error) });
    }
  }
}

init({ module_or_path: new URL("engine_bg.wasm", import.meta.url) }).then(
  () => {
    session = new Session();
    work();
  },
  (error) => scope.postMessage({ failed: `The engine could not be loaded: ${error}` }),
);
