import type { FromSandbox, OpenSandbox, ToSandbox } from './messages';
import runtime from './runtime.js?raw';

/** The sealed page: its policy, which the server sends, forbids every connection, and its origin is nobody's. It makes the worker that it is handed. */
const sealedPage = '/api/script-frame';

/** The worker: it speaks through its port alone, which the scripts do not see. */
const worker = `onmessage = ({ ports: [port] }) => {
  onmessage = null;
  const receive = (${runtime.trim().replace(/;$/, '')})((message) => port.postMessage(message));
  port.onmessage = ({ data }) => receive(data);
};`;

/** Runs scripts in a worker of a sealed frame: endless loops hold up the worker alone, and closing ends it at once. */
export const openSealedSandbox: OpenSandbox = (receive) => {
  const { port1: own, port2: far } = new MessageChannel();
  own.onmessage = ({ data }: MessageEvent<FromSandbox>) => receive(data);
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.hidden = true;
  frame.src = sealedPage;
  frame.addEventListener('load', () => frame.contentWindow?.postMessage(worker, '*', [far]));
  document.body.append(frame);
  return {
    send: (message: ToSandbox) => own.postMessage(message),
    close: () => {
      own.close();
      frame.remove();
    },
  };
};
