import type { OpenSandbox } from '../scripts/messages';
import runtime from '../scripts/runtime.js?raw';

type Receive = (message: unknown) => void;

/** Runs scripts in the page itself: only what they do is tested with it, not that they are shut in. */
export const openHere: OpenSandbox = (receive) => {
  const start = (0, eval)(runtime) as (send: Receive) => Receive;
  const tell = start((message) => queueMicrotask(() => receive(structuredClone(message) as Parameters<typeof receive>[0])));
  return { send: (message) => tell(structuredClone(message)), close: () => undefined };
};
