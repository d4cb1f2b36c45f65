import { authorsLine } from './source-lines';
import type { Done, FormEvent, OpenSandbox, Question, Sandbox, Start } from './messages';

/** Time that scripts have for one event, in milliseconds; what they ask of the server included. */
export const timeLimit = 5_000;

/** Time that the sandbox has to open, in milliseconds: slow networks and devices are no fault of the scripts. */
export const openingLimit = 30_000;

/** Scripts of a form took too long and were stopped. */
export class ScriptsStopped extends Error {}

/** The scripts of one form, from its opening to its end. */
export class ScriptSession {
  private readonly sandbox: Sandbox;
  private readonly waiting = new Map<number, (done: Done) => void>();
  private start: Start | undefined;
  private readonly scripts: Start['scripts'];
  private open: () => void = () => undefined;
  private readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });
  private last = 0;
  private isOver = false;

  constructor(open: OpenSandbox, start: Start, answer: (question: Question) => Promise<unknown>) {
    this.start = start;
    this.scripts = start.scripts;
    this.sandbox = open((message) => {
      if (message.kind === 'ready') this.open();
      else if (message.kind === 'done') this.waiting.get(message.id)?.(this.forAuthor(message));
      else
        answer(message.call).then(
          (value) => this.sandbox.send({ kind: 'reply', id: message.id, value }),
          (error: Error) => this.sandbox.send({ kind: 'reply', id: message.id, error: error.message }),
        );
    });
  }

  /** Tells of an event, and waits for what the scripts make of it; null when they are over. */
  async run(event: FormEvent['event'], fields: string[], values: Record<string, unknown>): Promise<Done | null> {
    if (this.isOver) return null;
    const id = ++this.last;
    const start = this.start;
    this.start = undefined;
    let timer = 0;
    try {
      return await new Promise<Done>((resolve, reject) => {
        const stopAfter = (time: number) => {
          window.clearTimeout(timer);
          timer = window.setTimeout(() => reject(new ScriptsStopped()), time);
        };
        stopAfter(openingLimit);
        this.waiting.set(id, resolve);
        void this.opened.then(() => this.waiting.has(id) && stopAfter(timeLimit));
        this.sandbox.send({ kind: 'event', id, event, fields, values, ...(start ? { start } : {}) });
      });
    } catch (error) {
      this.close();
      throw error;
    } finally {
      window.clearTimeout(timer);
      this.waiting.delete(id);
    }
  }

  /** A mistake stands in what was compiled; authors know what they wrote. */
  private forAuthor(done: Done): Done {
    const text = this.scripts.find((script) => script.name === done.error?.script)?.text;
    return done.error && text !== undefined ? { ...done, error: { ...done.error, line: authorsLine(text, done.error.line) } } : done;
  }

  /** Ends all scripts at once. */
  close(): void {
    this.isOver = true;
    this.sandbox.close();
  }
}
