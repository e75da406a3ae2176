/** Questions about the files in the page: whether a request would be allowed, which roles a task definition needs. */

interface Answer {
  title: string;
  language: string;
  text: string;
}

/** Asks the server a command. */
type Ask = (command: string, argument: object) => Promise<Answer>;

/** `shown` gives the address of the file that is in front. */
export function wire(ask: Ask, shown: () => string | undefined): void {
  const find = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
  const answer = find("answer");
  let asked = 0;

  async function tell(command: string, argument: object): Promise<void> {
    asked += 1;
    const own = asked;
    answer.setAttribute("aria-busy", "true");
    let text: string;
    let failed = false;
    try {
      text = (await ask(command, argument)).text;
    } catch (error) {
      text = error instanceof Error ? error.message : String(error);
      failed = true;
    }
    // A later question has been asked meanwhile.
    if (own === asked) {
      answer.textContent = text;
      answer.classList.toggle("failed", failed);
      answer.removeAttribute("aria-busy");
    }
  }

  find<HTMLFormElement>("can").onsubmit = (event) => {
    event.preventDefault();
    const text = (id: string) => find<HTMLInputElement>(id).value.trim();
    const uri = shown();
    const context: Record<string, string[]> = {};
    for (const line of text("context").split("\n")) {
      const at = line.indexOf("=");
      if (at > 0) {
        (context[line.slice(0, at).trim()] ??= []).push(line.slice(at + 1).trim());
      }
    }
    const ofFile = find<HTMLInputElement>("of-file").checked;
    const identity = ofFile && uri !== undefined ? [uri] : [];
    void tell("passrole.ask.can", { principal: text("principal"), action: text("action"), resource: text("resource"), context, identity, uri });
  };
  find<HTMLFormElement>("roles").onsubmit = (event) => {
    event.preventDefault();
    const uri = shown();
    if (uri !== undefined) {
      const format = find<HTMLSelectElement>("roles-format").value;
      void tell("passrole.ask.roles", { uri, format });
    }
  };
}
